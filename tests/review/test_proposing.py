"""Thresholds for a metric that no alarm watches yet: what they need, and for which direction."""

import pytest

from history.files import SeriesError
from review.proposing import proposals
from tests.replay.alarms import history


@pytest.mark.parametrize(("minutes", "is_enough"), [(5, False), (6, True)])
def test_a_history_has_to_be_longer_than_what_an_alarm_looks_at(
    minutes: int, is_enough: bool
) -> None:
    """Of 2 of 3 minutes, and the two beyond N that CloudWatch looks at, too: 300 s."""
    values = history([float(value) for value in range(minutes)])
    if is_enough:
        (proposal,) = proposals(values, watch=("low",), m_of_n=(2, 3))
        assert proposal.watch == "low"
        return
    with pytest.raises(SeriesError) as refused:
        proposals(values, watch=("low",), m_of_n=(2, 3))
    assert str(refused.value) == (
        "the history lasts 300 s: an alarm that looks at 300 s needs more"
    )
