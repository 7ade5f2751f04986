"""Page budgets, and which option keeps to one."""

from typing import Any

import pytest

from replay.budget import allowed_firings, is_mostly_on, keeps_to_budget
from replay.suggestion import Option


def option(**fields: Any) -> Option:
    """An option that catches nothing and never fires, unless told otherwise."""
    given: dict[str, Any] = {
        "datapoints_to_alarm": 1,
        "evaluation_periods": 1,
        "threshold": 50.0,
        "pages_per_month": 0.0,
        "caught": 0,
        "incidents": 0,
        "delay": None,
        "margin": 1.0,
    }
    return Option(**(given | fields))


@pytest.mark.parametrize(
    ("pages", "months", "allowed"),
    [(2, 3, 6), (2, 1, 2), (0.5, 3, 2), (0.4, 3, 1), (0.1, 3, 1), (2, 0.1, 1), (1, 12, 12)],
)
def test_what_a_budget_allows(pages: float, months: float, allowed: int) -> None:
    # At least one, since none at all would ask more of a short history than it can show.
    assert allowed_firings(pages, months) == allowed


@pytest.mark.parametrize(
    ("firings", "caught", "keeps"),
    [(6, 0, True), (7, 0, False), (7, 1, True), (9, 2, False), (1, 5, True), (0, 0, True)],
)
def test_one_page_for_each_incident_is_free(firings: int, caught: int, keeps: bool) -> None:
    one = option(pages_per_month=firings / 3, caught=caught, incidents=5)
    assert keeps_to_budget(one, 2.0, 3.0) is keeps


@pytest.mark.parametrize(("share", "mostly"), [(0.0, False), (0.5, False), (0.51, True), (1, True)])
def test_what_is_on_most_of_the_time_keeps_to_no_budget(share: float, mostly: bool) -> None:
    one = option(pages_per_month=1 / 3, caught=5, incidents=5, share_on=share)
    assert is_mostly_on(one) is mostly
    assert keeps_to_budget(one, 2.0, 3.0) is not mostly
