"""The sheet of a CloudWatch metric: everything about it that rules, graphs and tools ask."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from ecs_monitoring.cloudwatch.interval import Interval
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.units import Unit


class Fact(StrEnum):
    """What is known of a target and bounds its metrics, or sets a threshold of its rules."""

    MEMORY = "memory"
    """Bytes of memory of the instance class."""

    VCPUS = "vCPUs"
    """Virtual CPUs of the instance class."""

    ALLOCATED_STORAGE = "allocated storage"
    """Bytes of storage that are allocated."""

    LOCAL_STORAGE = "local storage"
    """Bytes of an Aurora instance's own storage, for temporary files and logs."""

    MAX_CONNECTIONS = "max_connections"
    """Connections that the database accepts."""

    SESSIONS = "sessions"
    """Sessions of a database that can be active at once."""

    CPU_CREDITS = "CPU credits"
    """The highest balance of CPU credits that the instance class can have."""

    RESPONSE_TIME = "response time"
    """Seconds after which a load balancer gives a response up."""


class Published(StrEnum):
    """When a metric has datapoints."""

    ALWAYS = "every minute while the resource runs"
    EVERY_FIVE_MINUTES = "every five minutes while the resource runs"
    NOT_ZERO = "only in minutes in which there was something to count"
    IN_USE = "only in minutes in which the resource was used"


@dataclass(frozen=True)
class Usual:
    """A metric of a healthy service on a day on which nothing happens.

    It is the ordinary traffic of the sandbox's scenarios: a service of ten tasks with some three
    thousand requests a minute in the afternoon.

    Attributes:
        level: around what it varies, in the metric's own unit.
        clear_of: how many times away from the deployed threshold it is, where an alarm watches
            it and the level follows from the threshold; ``None`` where the level is as written.
        noise: standard deviation of the variation from minute to minute.
        daily: how much of the level the night takes away: 0.5 halves it at four in the morning.
        samples: values published a minute: the number of tasks, or of requests that were timed.
        spread: standard deviation among the values of one minute.
    """

    level: float
    clear_of: float | None = None
    noise: float = 0
    daily: float = 0
    samples: int = 1
    spread: float = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class MetricSheet:
    """A CloudWatch metric.

    Attributes:
        namespace: for example ``AWS/ECS``; of metrics of the stack's own, who names it.
        name: for example ``CPUUtilization``.
        dimensions: names of the dimensions under which it is read, in the order written.
        narrowed_by: names of dimensions under which it is published besides, for a part of what
            it is read of.
        unit: what its values are measured in.
        lowest: the lowest value that it can have, sentinels aside.
        highest: the highest value, or the fact of the target that is; ``None`` where nothing
            bounds it.
        reached: whether it can have its highest value. Of memory and storage something is always
            in use, so that never all of it is free.
        endless: why nothing bounds it, where ``highest`` is ``None``.
        whole: whether its values are whole numbers.
        sentinels: values that mean something else than a quantity, and what.
        published: when it has datapoints.
        samples: how many values are published at a time; ``None`` where several may be.
        needs: what has to be there or switched on for it to be published at all; empty for
            nothing.
        silence: what it means that there are no datapoints.
        usual: the metric on an ordinary day.
        source: where AWS, or whoever publishes the metric, documents it.
    """

    namespace: str
    name: str
    dimensions: tuple[str, ...]
    narrowed_by: tuple[str, ...] = ()
    unit: Unit
    lowest: float = 0
    highest: float | Fact | None = None
    reached: bool = True
    endless: str = ""
    whole: bool = False
    sentinels: Mapping[float, str] = field(default_factory=dict)
    published: Published
    samples: int | None = None
    needs: str = ""
    silence: str
    usual: Usual
    source: str

    def __post_init__(self) -> None:
        if (self.highest is None) != bool(self.endless):
            raise ValueError(f"{self.name}: write either its highest value, or why it has none")

    @property
    def every(self) -> int:
        """Seconds from one datapoint to the next, while it is published."""
        return 300 if self.published is Published.EVERY_FIVE_MINUTES else 60

    @property
    def average(self) -> "Reading":
        """Its average over a period."""
        return Reading(self, "Average")

    @property
    def sum(self) -> "Reading":
        """Its sum over a period."""
        return Reading(self, "Sum")

    @property
    def minimum(self) -> "Reading":
        """Its lowest value in a period."""
        return Reading(self, "Minimum")

    @property
    def maximum(self) -> "Reading":
        """Its highest value in a period."""
        return Reading(self, "Maximum")

    @property
    def sample_count(self) -> "Reading":
        """How many values were published in a period."""
        return Reading(self, "SampleCount")

    def percentile(self, percent: int) -> "Reading":
        """One of its percentiles over a period."""
        return Reading(self, f"p{percent}")

    # The sheets are the catalog's, which live as long as the cache.
    @lru_cache(maxsize=4096)  # noqa: B019
    def called(self, namespace: str, name: str) -> "MetricSheet":
        """The same sheet for a metric whose name only a stack knows."""
        return replace(self, namespace=namespace, name=name)


@dataclass(frozen=True)
class Reading:
    """One statistic of a metric, not yet of any target.

    Attributes:
        sheet: of the metric.
        statistic: ``Average``, ``Sum``, ``Minimum``, ``Maximum``, ``SampleCount`` or ``p99``.
    """

    sheet: MetricSheet
    statistic: str

    @property
    def unit(self) -> Unit:
        """What the statistic is measured in: samples are counted, whatever they measure."""
        return Unit.COUNT if self.statistic == "SampleCount" else self.sheet.unit

    @property
    def every(self) -> int:
        """Seconds from one datapoint of the metric to the next, while it is published."""
        return self.sheet.every

    @property
    def reaches_highest(self) -> bool:
        """Whether it can have the highest of its values."""
        return self.sheet.reached or self.statistic in ("Sum", "SampleCount")

    def values(self, facts: Callable[[Fact], float | None]) -> Interval:
        """The quantities that the statistic can be in a period with data; no sentinels.

        The number of samples is that of the shortest period, from one datapoint to the next.

        Args:
            facts: what bounds the metrics of the target; ``None`` where that is not known.
        """
        sheet = self.sheet
        if self.statistic == "SampleCount":
            return Interval(1, sheet.samples or math.inf)
        highest = facts(sheet.highest) if isinstance(sheet.highest, Fact) else sheet.highest
        # A metric that is published only where there was something to count is never zero.
        is_counted = sheet.published is Published.NOT_ZERO and sheet.lowest == 0
        lowest = 1 if is_counted and sheet.whole else sheet.lowest
        is_bounded = highest is not None and self.statistic != "Sum"
        return Interval(lowest, highest if is_bounded and highest is not None else math.inf)

    def of(self, dimensions: Mapping[str, str]) -> Metric:
        """The statistic of one target.

        Args:
            dimensions: values by name; those that the sheet does not name are left out.
        """
        narrower = (name for name in self.sheet.narrowed_by if name in dimensions)
        return Metric(
            namespace=self.sheet.namespace,
            name=self.sheet.name,
            dimensions={name: dimensions[name] for name in (*narrower, *self.sheet.dimensions)},
            statistic=self.statistic,
        )
