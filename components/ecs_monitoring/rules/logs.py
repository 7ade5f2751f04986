"""Log groups: metric filters for patterns that mean trouble, and an alarm on each."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ecs_monitoring.catalog.metrics import MetricSheet, Reading
from ecs_monitoring.catalog.metrics.logs import MATCHING_EVENTS
from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.graph import DashboardPart, Line, LogTable, Section, graphs
from ecs_monitoring.cloudwatch.log_pattern import (
    has_regex,
    insights_condition,
    parse_pattern,
)
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import AlarmRule, MissingData, Severity
from ecs_monitoring.rules.condition import at_least
from ecs_monitoring.rules.drawing import drawn_on, line_label
from ecs_monitoring.rules.layer import Layer
from ecs_monitoring.rules.log_concerns import (
    CONCERNS,
    DATABASE_ERRORS,
    ERRORS,
    EXCEPTIONS,
    Concern,
)
from ecs_monitoring.rules.log_target import LogTarget
from ecs_monitoring.rules.plan import Kind, SharedProblem
from ecs_monitoring.rules.row import GUIDE, Rule, Scope, Subject

_GRAPH: Final = "Log events by pattern"
_ERROR_WORDS: Final = "@message like /ERROR|CRITICAL|Exception/"


@dataclass(frozen=True)
class LogFilter:
    """A metric filter: events that match the pattern count as one each.

    Attributes:
        name: the filter's name, unique in the log group.
        pattern: in CloudWatch Logs' filter pattern language.
        events: the sheet of the metric that it feeds.
    """

    name: str
    pattern: str
    events: MetricSheet

    @property
    def metric(self) -> Metric:
        """How many events match."""
        return self.events.sum.of({})


def log_concerns(target: LogTarget) -> tuple[Concern, ...]:
    """The built-in concerns, with the patterns that the target gives them, and its own."""
    return (*(_as_wanted(concern, target) for concern in CONCERNS), *_own_concerns(target))


def _as_wanted(concern: Concern, target: LogTarget) -> Concern:
    if concern.name not in target.built_in:
        return concern
    patterns = {**concern.patterns, target.format: target.built_in[concern.name]}
    return replace(concern, patterns=patterns)


def _own_concerns(target: LogTarget) -> tuple[Concern, ...]:
    return tuple(
        Concern(
            f"logs.{name}",
            f"Pattern {name} in the log",
            {target.format: pattern.pattern},
            pattern.threshold,
            pattern.severity,
            f"events match {_shortened(pattern.pattern)}; look first at these events.",
        )
        for name, pattern in target.patterns.items()
    )


def _shortened(pattern: str) -> str:
    """As much of a pattern as an alarm's description has room for."""
    return pattern if len(pattern) <= 200 else f"{pattern[:200]}…"


def log_filter(scope: Scope, name: str, target: LogTarget, concern: Concern) -> LogFilter:
    """The metric filter behind a concern.

    Its metric has no dimensions, so that stack, component and target are part of the metric's
    name.
    """
    local = f"{name}.{concern.key.removeprefix('logs.')}"
    return LogFilter(
        name=f"{scope.project}-{scope.stack}-{scope.component}.{local}",
        pattern=concern.patterns[target.format],
        events=MATCHING_EVENTS.called(
            f"{scope.project}/{scope.stack}", f"{scope.component}.{local}"
        ),
    )


def _rule(concern: Concern) -> Rule[LogTarget]:
    def events(subject: Subject[LogTarget]) -> Reading:
        return log_filter(subject.scope, subject.name, subject.target, concern).events.sum

    return Rule(
        concern.key,
        concern.severity,
        concern.title,
        on=events,
        when=at_least(concern.threshold),
        held=_held(concern),
        missing=MissingData.NOT_BREACHING,
        drawn_on=_GRAPH,
        # A pattern's own braces are none of the sentence's.
        means=f"in {{where}}, {concern.meaning.replace('{', '{{').replace('}', '}}')}",
        source=f"{GUIDE}, logs",
    )


def _held(concern: Concern) -> str:
    """On with the first period; what pages stays on for longer than an incident may wait.

    So whatever is silent for the log's incident knows that this one pages.
    """
    return "1 of 2 x 300 s" if concern.severity is Severity.CRITICAL else "1 of 1 x 300 s"


def log_dashboard(
    scope: Scope, targets: Mapping[str, LogTarget], rules: tuple[AlarmRule, ...]
) -> DashboardPart:
    """Events by pattern, and the latest errors as a table."""
    lines = [
        Line(
            metric=log_filter(scope, name, target, concern).metric,
            label=line_label(targets, name, concern.name),
        )
        for name, target in targets.items()
        for concern in log_concerns(target)
    ]
    return DashboardPart(
        sections=(
            Section(
                title="Log alarms",
                widgets=(
                    *graphs(_GRAPH, lines, rules=drawn_on(_GRAPH, rules)),
                    *_recent_errors(targets),
                ),
            ),
        )
    )


def _recent_errors(targets: Mapping[str, LogTarget]) -> Iterator[LogTable]:
    """The latest events that count as errors, a table for each way of telling them."""
    # The groups of each, in order: two targets may share one.
    groups: dict[str, dict[str, None]] = {}
    for target in targets.values():
        groups.setdefault(_error_condition(target), {})[target.group] = None
    for condition, names in groups.items():
        title = "Recent errors" if len(groups) == 1 else f"Recent errors: {', '.join(names)}"
        query = (
            f"fields @timestamp, @log, @message | filter {condition} "
            "| sort @timestamp desc | limit 50"
        )
        yield LogTable(title=title, query=query, groups=tuple(names))


def _error_condition(target: LogTarget) -> str:
    """What the filters of errors, exceptions and database errors look for, for Logs Insights."""
    conditions = [
        insights_condition(parse_pattern(concern.patterns[target.format]))
        for concern in log_concerns(target)
        if concern.key in (ERRORS, EXCEPTIONS, DATABASE_ERRORS)
    ]
    # A pattern of fields has no counterpart there: its events are looked for by their words.
    told = [condition or _ERROR_WORDS for condition in conditions]
    return " or ".join(f"({condition})" for condition in dict.fromkeys(told))


def _own_keys(fields: Mapping[str, Any]) -> Iterable[str]:
    patterns = fields.get("patterns")
    return [f"logs.{name}" for name in patterns] if isinstance(patterns, Mapping) else ()


def _two_owners(targets: Mapping[str, LogTarget]) -> Iterator[SharedProblem]:
    """Log groups that two targets would make their own; AWS refuses the second one."""
    owners: dict[str, str] = {}
    for name, target in targets.items():
        if target.retention_days is None:
            continue
        if target.group in owners:
            yield SharedProblem(
                name,
                "retention_days",
                target.retention_days,
                f"logs.{owners[target.group]} sets the retention of {target.group} already: "
                "leave it out of one of them",
            )
        owners[target.group] = name


def _shared(targets: Mapping[str, LogTarget]) -> Iterator[SharedProblem]:
    yield from _two_owners(targets)
    yield from _too_many(targets)


def _too_many(targets: Mapping[str, LogTarget]) -> Iterator[SharedProblem]:
    """Limits of a log group, whose filters may come from several targets."""
    groups: dict[str, list[str]] = {}
    for name, target in targets.items():
        groups.setdefault(target.group, []).append(name)
    for group, names in groups.items():
        patterns = [
            concern.patterns[targets[name].format]
            for name in names
            for concern in log_concerns(targets[name])
        ]
        last = targets[names[-1]]
        together = f"; {', '.join(names)} are targets of this group together" * (len(names) > 1)
        if len(patterns) > limits.METRIC_FILTERS_PER_LOG_GROUP:
            room = limits.METRIC_FILTERS_PER_LOG_GROUP - len(CONCERNS) * len(names)
            yield SharedProblem(
                names[-1],
                "patterns",
                last.patterns,
                f"{len(patterns)} filters on {group}, of which {len(CONCERNS) * len(names)} are "
                f"built in: a log group has room for {max(room, 0)} of your own{together}",
            )
        with_regex = sum(has_regex(parse_pattern(pattern)) for pattern in patterns)
        if with_regex > limits.REGEX_FILTERS_PER_LOG_GROUP:
            yield SharedProblem(
                names[-1],
                "patterns",
                last.patterns,
                f"{with_regex} patterns with a regular expression on {group}: a log group has room "
                f"for {limits.REGEX_FILTERS_PER_LOG_GROUP}, so write terms instead{together}",
            )


def _watched(target: LogTarget, rule: AlarmRule) -> Iterator[Hashable]:
    """The events of a log group: each target's filters count them under names of their own."""
    for concern in log_concerns(target):
        if concern.key == rule.key:
            yield target.group, concern.patterns[target.format]
            # A built-in pattern looks for the same events in each format.
            if concern in CONCERNS:
                yield target.group, concern.key


LOGS: Final = Kind(
    key="logs",
    layer=Layer.LOG,
    title="Log groups",
    describes="CloudWatch log groups.",
    target=LogTarget,
    rows=tuple(map(_rule, CONCERNS)),
    own_rules=lambda target: tuple(map(_rule, _own_concerns(target))),
    own_keys=_own_keys,
    shared_problems=_shared,
    watched=_watched,
    dashboard=log_dashboard,
)
