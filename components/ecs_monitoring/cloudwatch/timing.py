"""What CloudWatch does not publish about its evaluations: how far back, and how late the data.

Both decide whether separate errors are one page or many, and when it comes, so they are named
here, with defaults by namespace and period. ``python -m ops calibrate`` estimates them from the
transitions that CloudWatch recorded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.words import MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How CloudWatch evaluates an alarm in time.

    Attributes:
        extra_periods: how many periods beyond N the evaluation range has, among those whose data
            can have arrived.
        delay: seconds from when something is measured until evaluations see it; whole minutes.
            AWS's advice on alarms that fired on values that no graph shows: "each subsequent
            alarm evaluation might use different aggregated data points, because new data points
            continue to flow into the CloudWatch metric"
            (https://repost.aws/knowledge-center/cloudwatch-trigger-metric).
        longest_delay: what ``delay`` may be instead: how late a page may come.
        source: where the numbers are from.

    Raises:
        ValueError: a negative number, a delay that is no whole minute, or one above the longest.
    """

    extra_periods: int
    delay: int
    longest_delay: int
    source: str

    def __post_init__(self) -> None:
        if self.extra_periods < 0:
            raise ValueError(f"extra_periods {self.extra_periods}: write 0 or more")
        if self.delay < 0 or self.delay % MINUTE:
            raise ValueError(f"delay {self.delay}: write whole minutes in seconds, such as 120")
        if self.longest_delay < self.delay:
            raise ValueError(
                f"longest_delay {self.longest_delay}: write no less than the delay, {self.delay}"
            )

    def evaluation_range(self, evaluation_periods: int) -> int:
        """How many datapoints an evaluation looks at, for N evaluation periods."""
        return evaluation_periods + self.extra_periods

    def noticed(self, seconds: float) -> tuple[float, float]:
        """From when to when a state change may come that a replay puts at some time.

        Args:
            seconds: of the change in the replay, by any clock.

        Returns:
            The earliest and the latest second by the same clock. The data may arrive at once or
            as late as the longest delay, and CloudWatch evaluates once in a minute, at a second
            of its own.
        """
        return seconds - self.delay, seconds - self.delay + self.longest_delay + MINUTE


_RANGE: Final = (
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html"
)

EXTRA_PERIODS: Final = 2
"""Choice: how many datapoints the evaluation range has beyond N.

AWS: "CloudWatch attempts to retrieve a higher number of data points than the number specified
as Evaluation Periods. The exact number of data points it attempts to retrieve depends on the
length of the alarm period and whether it is based on a metric with standard resolution or high
resolution." The one number that is given is the range of 5 for N = 3, in both tables of that page
(``_RANGE``); it is taken for every period and every N. Users who asked for the rule got none
(https://github.com/awsdocs/amazon-cloudwatch-user-guide/issues/102). Public records fit it at
periods of 900 s and a day; at 60 s they read as up to N + 4, which N + 2 explains too where the
data is two minutes late: the newest periods of the range are then always empty.
"""

STANDARD: Final = Timing(
    extra_periods=EXTRA_PERIODS,
    delay=0,
    # "1-minute metrics with CloudWatch, then their availability delay is about 2 minutes".
    longest_delay=120,
    source=f"{_RANGE}, https://docs.datadoghq.com/integrations/guide/cloud-metric-delay/",
)
"""What is taken where nothing else is known: data counts as there at once, as AWS's own examples
have it, and may be two minutes late."""

MULTI_DAY: Final = Timing(
    extra_periods=EXTRA_PERIODS,
    delay=0,
    longest_delay=3600,
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html",
)
"""Alarms over more than a day, which are evaluated "once per hour" and take into account "only
the metrics up to the current hour": their data has arrived, and the next look is an hour away."""

BY_NAMESPACE: Final = {
    "AWS/ApplicationELB": Timing(
        extra_periods=EXTRA_PERIODS,
        delay=0,
        # Errors of 17:18 and 17:23 were ALARM at 17:22 and 17:28, four minutes after the first
        # second of theirs that any evaluation could have seen (17:19 and 17:24).
        longest_delay=240,
        source=f"{_RANGE}, https://stackoverflow.com/a/64045238",
    ),
}
"""Namespaces of which more is known."""


def timing_of(namespaces: Iterable[str], period: int, evaluation_periods: int) -> Timing:
    """The default for an alarm: of its namespaces, the one whose data may be the latest.

    Args:
        namespaces: of the metrics that it reads.
        period: seconds.
        evaluation_periods: N.
    """
    if period * evaluation_periods > limits.EVALUATION_WINDOW:
        return MULTI_DAY
    timings = [BY_NAMESPACE.get(namespace, STANDARD) for namespace in namespaces]
    return max(timings, key=lambda timing: timing.longest_delay, default=STANDARD)
