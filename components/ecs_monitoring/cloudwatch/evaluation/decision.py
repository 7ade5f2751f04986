"""One decision: from the most recent datapoints and the previous state to the state.

Source of the rules, and of the two tables of examples that ``tests/evaluation`` goes through:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
Where that page leaves something open, a choice is taken and named: ``Basis.SETTLED`` and
``Basis.UNSETTLED``; how many datapoints are looked at is ``cloudwatch.timing``'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.rule import MissingData


class Basis(Enum):
    """What a decision rests on."""

    DATA = "data"
    """Real datapoints alone, or so many that the missing ones could change nothing."""

    FILLED = "filled"
    """Real datapoints, if any, and missing ones that count as breaching or not breaching."""

    NOTHING = "nothing"
    """No datapoint in the whole evaluation range, and missing data is not filled."""

    SETTLED = "settled"
    """Choice: fewer than M datapoints, all of them breaching, and old enough to fire.

    The page states the rule twice: for "the oldest available breaching datapoint during the
    **Evaluation Periods** number of data points" and, for M out of N alarms, for "the oldest
    breaching data point during the **evaluation range**". The second is followed, because an
    alarm that fired on ``- - X - -`` would by the first be OK a minute later, on ``- X - - -``,
    without any new data. Both continue: it "is at least as old as the value of **Datapoints to
    Alarm**, and all of the more recent data points are either breaching or missing"; read
    literally that fires on ``0 - X - -`` too (2 of 3), which the second table says is OK. So
    a datapoint anywhere in the range that does not breach rules it out.
    """

    UNSETTLED = "unsettled"
    """Choice: fewer than M datapoints, all of them breaching, but too young to fire.

    AWS: "Because the next data point may be non-breaching, the alarm does not go immediately
    into ALARM state" (``- - - - X``, 3 of 3). The state meant is not said. As ``missing`` it
    is OK, since there is data and too little of it breaches; as ``ignore`` "the current alarm
    state is maintained", as it is on the same datapoints once they are old enough.
    """

    FEW_SAMPLES = "few samples"
    """A percentile of too few samples, which leaves the state as it is."""

    WARM_UP = "warm-up"
    """Nothing: the alarm is new, and waits for data."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of one evaluation.

    Attributes:
        state: the alarm's state from now on.
        basis: what it rests on.
        used: indices of the real datapoints that were looked at, oldest first.
        filled: how many missing datapoints had to stand in for real ones.
    """

    state: AlarmState
    basis: Basis
    used: tuple[int, ...]
    filled: int


def decide(
    datapoints: Sequence[bool | None],
    *,
    evaluation_periods: int,
    datapoints_to_alarm: int | None = None,
    treat_missing_data: MissingData = MissingData.MISSING,
    previous: AlarmState = AlarmState.INSUFFICIENT_DATA,
) -> Decision:
    """The state that follows from an evaluation range of datapoints.

    Args:
        datapoints: whether each datapoint breaches, oldest first; ``None`` where it is missing.
        evaluation_periods: N.
        datapoints_to_alarm: M; all N where it is ``None``.
        treat_missing_data: what a missing datapoint counts as.
        previous: the state so far, which is kept where the rules say so.
    """
    needed = evaluation_periods if datapoints_to_alarm is None else datapoints_to_alarm
    real = [index for index, breaches in enumerate(datapoints) if breaches is not None]
    used = tuple(real[-evaluation_periods:])
    breaching = sum(1 for index in used if datapoints[index])
    filled = evaluation_periods - len(used)
    if breaching >= needed:
        return Decision(AlarmState.ALARM, Basis.DATA, used, filled)
    if not filled:
        return Decision(AlarmState.OK, Basis.DATA, used, 0)
    if treat_missing_data == MissingData.BREACHING:
        fires = breaching + filled >= needed
        return Decision(AlarmState.ALARM if fires else AlarmState.OK, Basis.FILLED, used, filled)
    if treat_missing_data == MissingData.NOT_BREACHING:
        return Decision(AlarmState.OK, Basis.FILLED, used, filled)
    keeps = treat_missing_data == MissingData.IGNORE
    if not used:
        state = previous if keeps else AlarmState.INSUFFICIENT_DATA
        return Decision(state, Basis.NOTHING, used, filled)
    if breaching < len(used):
        return Decision(AlarmState.OK, Basis.DATA, used, filled)
    # The newest datapoint has the age 1.
    if len(datapoints) - used[0] >= needed:
        return Decision(previous if keeps else AlarmState.ALARM, Basis.SETTLED, used, filled)
    return Decision(previous if keeps else AlarmState.OK, Basis.UNSETTLED, used, filled)
