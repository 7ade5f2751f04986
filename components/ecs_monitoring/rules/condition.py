"""When a datapoint breaches, and for how long that has to last."""

import re
from dataclasses import dataclass
from typing import Final, Self

from ecs_monitoring.catalog.metrics import Fact
from ecs_monitoring.cloudwatch.rule import Comparison, NoThreshold
from ecs_monitoring.rules.target import Target

_HELD: Final = re.compile(r"(?P<m>\d+) of (?P<n>\d+) x (?P<period>\d+) s")


@dataclass(frozen=True)
class Share:
    """A share of a fact of the target.

    Attributes:
        percent: of the fact.
        of: the fact, in the unit of the rule's metric.
    """

    percent: float
    of: Fact

    def threshold(self, target: Target) -> float | NoThreshold:
        """The number that it is for a target, or why there is none."""
        fact = target.fact(self.of)
        return fact if isinstance(fact, NoThreshold) else fact * self.percent / 100


@dataclass(frozen=True)
class Condition:
    """When a datapoint breaches.

    Attributes:
        comparison: the datapoint breaches while ``value comparison threshold`` holds.
        threshold: a number in the unit of the signal, or how it follows from the target.
    """

    comparison: Comparison
    threshold: float | Share

    def threshold_of(self, target: Target) -> float | NoThreshold:
        """The threshold for a target, or why there is none."""
        if isinstance(self.threshold, Share):
            return self.threshold.threshold(target)
        return self.threshold


def at_least(threshold: float | Share) -> Condition:
    """The value is the threshold or more."""
    return Condition(Comparison.AT_LEAST, threshold)


def above(threshold: float | Share) -> Condition:
    """The value is more than the threshold."""
    return Condition(Comparison.ABOVE, threshold)


def below(threshold: float | Share) -> Condition:
    """The value is less than the threshold."""
    return Condition(Comparison.BELOW, threshold)


@dataclass(frozen=True)
class Held:
    """How long a condition has to hold: M of the last N datapoints of a period.

    Attributes:
        m: datapoints that breach.
        n: the most recent datapoints that are looked at.
        period: seconds that a datapoint covers.
    """

    m: int
    n: int
    period: int

    @classmethod
    def of(cls, words: str) -> Self:
        """``3 of 5 x 60 s`` as a value.

        Raises:
            ValueError: words of another form.
        """
        match = _HELD.fullmatch(words)
        if not match:
            raise ValueError(f'{words!r}: write M of N x seconds, such as "3 of 5 x 60 s"')
        return cls(int(match["m"]), int(match["n"]), int(match["period"]))
