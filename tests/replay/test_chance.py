"""The upper limits of a Poisson mean, against a published table."""

import math
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.chance import most_events

# Gehrels, Confidence limits for small numbers of events in astrophysical data, Astrophysical
# Journal 303, 1986, page 336, table 1, column 0.95: https://doi.org/10.1086/164079
# The Particle Data Group's review "Statistics" has the same to two digits, as the one-sided
# limits of the mean of a Poisson variable: https://pdg.lbl.gov
TABLE: Final = {0: 2.996, 1: 4.744, 2: 6.296, 3: 7.754, 4: 9.154, 5: 10.51, 10: 16.96}


@pytest.mark.parametrize(("seen", "limit"), TABLE.items())
def test_published_limits(seen: int, limit: float) -> None:
    assert most_events(seen) == pytest.approx(limit, abs=5e-3)


def test_the_rule_of_three() -> None:
    assert most_events(0) == pytest.approx(-math.log(0.05), rel=1e-8)


@given(st.integers(0, 400))
def test_as_few_as_were_seen_have_a_chance_of_one_in_twenty(seen: int) -> None:
    mean = most_events(seen)
    chance, term = 0.0, math.exp(-mean)
    for count in range(seen + 1):
        chance += term
        term *= mean / (count + 1)
    assert chance == pytest.approx(0.05, rel=1e-5)


def test_more_seen_means_more_that_are_possible() -> None:
    limits = [most_events(seen) for seen in range(60)]
    assert all(more - less > 1 for less, more in pairwise(limits))


def test_many_events_are_near_their_number() -> None:
    # By the normal approximation, with its first correction (1.645^2 + 2) / 3.
    assert most_events(10_000) == pytest.approx(10_000 + 1.645 * 100 + 1.57, abs=0.2)
