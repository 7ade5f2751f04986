"""What the alarms' metrics publish in a scenario."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

from ecs_monitoring.cloudwatch.definition import MetricKey
from ecs_monitoring.cloudwatch.evaluation import Series
from ecs_monitoring.words import MINUTE
from sandbox.deployed import Deployed
from sandbox.levels import fitted_changes, fitted_usual
from sandbox.log_events import log_samples
from sandbox.scenario import Scenario, ScenarioError
from sandbox.scenario_steps import OrdinaryMetric, SeriesChange
from sandbox.series_key import SeriesKey
from sandbox.signals import samples, usual_samples

WARM_UP: Final = 60
"""Minutes of usual traffic before minute 0, in which every alarm comes to its usual state."""


class ScenarioMetrics:
    """The series of each metric, made when it is first asked for.

    Args:
        deployed: the alarms that read them, and the log filters.
        scenario: what happens to them.
        usual: what each metric is usually like.
        start: seconds since 1970 UTC of minute 0.

    Raises:
        ScenarioError: the scenario changes a series that is none of the usual metrics.
    """

    def __init__(
        self,
        deployed: Deployed,
        scenario: Scenario,
        usual: Mapping[str, OrdinaryMetric],
        start: int,
    ) -> None:
        self.start = start
        self.minutes = scenario.minutes
        self._deployed = deployed
        self._scenario = scenario
        self._usual = usual
        self._counted = frozenset(log_filter.metric for log_filter in deployed.filters)
        self._series: dict[MetricKey, Series] = {}
        self._readers = _readers(deployed)
        self._keys = self._parsed_keys()

    @property
    def before(self) -> range:
        """The minutes before minute 0 of which there is data."""
        return range(0) if self.is_new else range(-WARM_UP, 0)

    @property
    def is_new(self) -> bool:
        """Whether the stack and what it watches are made in minute 0."""
        return self._scenario.first_data is not None

    def is_touched(self, metric: MetricKey) -> bool:
        """Whether anything happens to the metric in the scenario."""
        if self.is_new:
            return True
        if self._scenario.logs and metric in self._counted and metric in self._logged:
            return True
        return bool(self._changes(metric))

    @property
    def is_in_stack(self) -> bool:
        """Whether any of what the scenario makes happen can happen to the stack's alarms.

        What a file says of a target with off hours, say, is nothing to a stack without any.
        """
        scenario = self._scenario
        if not scenario.series or self.is_new or (scenario.logs and self._deployed.filters):
            return True
        return any(self._changes(metric) for metric in self._readers)

    def series(self, metric: MetricKey) -> Series:
        """What is published of a metric that an alarm reads.

        Raises:
            ScenarioError: nobody says what the metric is usually like.
        """
        if metric in self._counted and metric in self._logged:
            return self._logged[metric]
        if metric not in self._series:
            self._series[metric] = self._made(metric)
        return self._series[metric]

    @cached_property
    def _logged(self) -> dict[MetricKey, Series]:
        """What the log filters publish: all of them at once, when the first is asked for."""
        scenario = self._scenario
        logged = log_samples(
            self._deployed.filters,
            scenario.logs,
            start=self.start,
            minutes=range(self.before.start, scenario.minutes),
        )
        return {metric: Series(published) for metric, published in logged.items()}

    def _made(self, metric: MetricKey) -> Series:
        name = _name(metric)
        if name not in self._usual:
            raise ScenarioError(
                f"{name} has no metric sheet, which says what it is like on an ordinary day: "
                "add one to ecs_monitoring/catalog/metrics"
            )
        ordinary = fitted_usual(self._usual[name], metric, self._deployed)
        changes = fitted_changes(self._changes(metric), metric, self._deployed)
        # Each metric has noise of its own, the same in every run.
        seed = f"{self._scenario.seed}/{name}/{sorted(metric.dimensions)}"
        before = usual_samples(ordinary, start=self.start, minutes=self.before, seed=seed)
        during = samples(
            ordinary, changes, start=self.start, minutes=self.minutes, seed=f"{seed}/0"
        )
        begins = self.start + MINUTE * self._begins(changes)
        return Series([*before, *(sample for sample in during if sample.time >= begins)])

    def _begins(self, changes: Sequence[SeriesChange]) -> int:
        """The minute in which a metric is published first."""
        if self._scenario.first_data is None:
            return 0
        return changes[0].at if changes else self._scenario.first_data

    def _changes(self, metric: MetricKey) -> Sequence[SeriesChange]:
        """What happens to it, by the series that says most of it."""
        readers = sorted(self._readers.get(metric, ()))
        series = [key for key in self._keys if key.takes(metric, readers)]
        if not series:
            return ()
        return self._keys[max(series, key=lambda key: key.exactness)]

    def _parsed_keys(self) -> dict[SeriesKey, Sequence[SeriesChange]]:
        """What happens, by the metrics that it happens to."""
        keys: dict[SeriesKey, Sequence[SeriesChange]] = {
            SeriesKey.parsed(text): changes for text, changes in self._scenario.series.items()
        }
        for key in keys:
            if key.metric not in self._usual:
                raise ScenarioError(
                    f"series {key.metric!r}: write one of the metrics that have a sheet, such as "
                    f"{next(iter(self._usual))!r}"
                )
        return keys


def _name(metric: MetricKey) -> str:
    return f"{metric.namespace} {metric.name}"


def _readers(deployed: Deployed) -> dict[MetricKey, set[str]]:
    """Each metric that an alarm reads, with the targets whose alarms do."""
    readers: dict[MetricKey, set[str]] = {}
    for alarm in deployed.alarms.values():
        for metric in alarm.definition.metrics:
            readers.setdefault(metric, set()).add(alarm.address.target)
    return readers
