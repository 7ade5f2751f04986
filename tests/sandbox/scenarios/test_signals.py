"""What a metric publishes, minute by minute."""

from typing import Any

from sandbox.scenario_steps import OrdinaryMetric, SeriesChange
from sandbox.signals import samples

MONDAY = 1_767_571_200
"""2026-01-05 00:00 UTC, in seconds since 1970."""


def published(
    usual: OrdinaryMetric, *changes: SeriesChange, minutes: int = 10, start: int = MONDAY
) -> list[Any]:
    return list(samples(usual, changes, start=start, minutes=minutes, seed=1))


def values(usual: OrdinaryMetric, *changes: SeriesChange, **options: Any) -> list[float]:
    return [sample.total / sample.count for sample in published(usual, *changes, **options)]


def test_a_level_without_noise_stays() -> None:
    assert values(OrdinaryMetric(level=3), minutes=3) == [3, 3, 3]


def test_a_ramp_takes_its_minutes() -> None:
    ramp = SeriesChange(at=2, to=10, over=4)
    assert values(OrdinaryMetric(level=2), ramp, minutes=8) == [2, 2, 2, 4, 6, 8, 10, 10]


def test_a_change_starts_where_the_one_before_had_got_to() -> None:
    # At minute 2 the first is half way to 8; the second goes on from there, back to 0.
    both = (SeriesChange(at=0, to=8, over=4), SeriesChange(at=2, to=0, over=0))
    assert values(OrdinaryMetric(level=0), *both, minutes=4) == [0, 2, 0, 0]


def test_usual_is_the_level_of_other_days() -> None:
    there_and_back = (SeriesChange(at=1, to=9), SeriesChange(at=3, to="usual"))
    assert values(OrdinaryMetric(level=5), *there_and_back, minutes=5) == [5, 9, 9, 5, 5]


def test_no_samples_is_no_data_until_they_come_back() -> None:
    gap = (SeriesChange(at=1, samples=0), SeriesChange(at=3, samples=2))
    found = published(OrdinaryMetric(level=5, samples=2), *gap, minutes=5)
    assert [(s.time - MONDAY) // 60 for s in found] == [0, 3, 4]
    assert all(s.count == 2 for s in found)


def test_the_night_takes_its_share_away() -> None:
    # Half of the level at four in the morning, all of it twelve hours later.
    usual = OrdinaryMetric(level=100, daily=0.5)
    assert values(usual, minutes=1, start=MONDAY + 4 * 3600) == [50]
    assert values(usual, minutes=1, start=MONDAY + 16 * 3600) == [100]


def test_spread_values_keep_the_count() -> None:
    found = published(OrdinaryMetric(level=1, samples=103, spread=0.1), minutes=1)
    assert sum(sample.count for sample in found) == 103
    assert len({sample.minimum for sample in found}) > 1


def test_counts_are_whole_and_sparse_ones_skip_zero() -> None:
    usual = OrdinaryMetric(level=0, counts=True, sparse=True)
    assert published(usual, minutes=3) == []
    assert values(usual, SeriesChange(at=1, to=2.6), minutes=2) == [3]


def test_values_stay_within_bounds() -> None:
    usual = OrdinaryMetric(level=99, noise=30, at_most=100)
    found = values(usual, minutes=200)
    assert max(found) == 100
    assert min(found) >= 0
