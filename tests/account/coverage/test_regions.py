"""In which regions what runs is looked at."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from account.coverage import read
from account.coverage.inventory import Inventory
from account.reading import FoundAlarms
from tests.account.coverage.values import HOME, NOW, PLACE

OUTSIDE = "us-east-1"


@pytest.mark.parametrize(
    ("regions", "looked_at"),
    [
        # Alarms of outside checks alone are in us-east-1, unless somebody names it.
        ((), [HOME]),
        ((OUTSIDE,), [OUTSIDE]),
        ((HOME, OUTSIDE), [HOME, OUTSIDE]),
        (("eu-west-1",), []),
    ],
)
def test_what_runs_is_looked_at_in_the_stacks_own_regions(
    regions: tuple[str, ...], looked_at: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "read_inventory", lambda account, attempts: Inventory())
    monkeypatch.setattr(read, "read_every_alarm", lambda region: None)
    by_region: list[Any] = [
        (SimpleNamespace(name=name), FoundAlarms(alarms=(), others=())) for name in (HOME, OUTSIDE)
    ]
    account: Any = None
    found = read.read_coverage(account, replace(PLACE, regions=regions), by_region, now=NOW)
    assert list(found.looked_at) == looked_at
    assert found.findings == ()
