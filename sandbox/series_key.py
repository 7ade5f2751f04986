"""Which metrics a scenario's series is about."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from ecs_monitoring.cloudwatch.definition import MetricKey

_FORM: Final = re.compile(
    r"(?P<metric>[^\s@]+ [^\s@]+)(@(?P<target>\S+))?(?P<dimensions>( [^\s=]+=\S+)*)"
)


@dataclass(frozen=True)
class SeriesKey:
    """``<namespace> <metric>``, optionally ``@<target>``, optionally dimensions ``Name=value``.

    Attributes:
        metric: namespace and name.
        target: the target whose alarms read the metric; empty for any.
        dimensions: those that tell a target's metrics of one name apart; empty for all of them.
    """

    metric: str
    target: str = ""
    dimensions: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def parsed(cls, text: str) -> "SeriesKey":
        """A key as a scenario writes it.

        Raises:
            ValueError: it is written otherwise.
        """
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(
                f"series {text!r}: write namespace and name, such as AWS/ECS CPUUtilization, for "
                "one target with @target behind it, for one of its parts with a dimension behind "
                "that, such as TargetGroup=targetgroup/shop/0123456789abcdef"
            )
        pairs = (pair.split("=", 1) for pair in match["dimensions"].split())
        return cls(match["metric"], match["target"] or "", frozenset((n, v) for n, v in pairs))

    @property
    def exactness(self) -> tuple[int, bool]:
        """The greatest of several keys for a metric is the one that says most of it."""
        return len(self.dimensions), bool(self.target)

    def takes(self, metric: MetricKey, readers: Collection[str]) -> bool:
        """Whether it is about a metric.

        Args:
            metric: the metric.
            readers: the targets whose alarms read it.
        """
        return (
            self.metric == f"{metric.namespace} {metric.name}"
            and (not self.target or self.target in readers)
            and self.dimensions <= metric.dimensions
        )
