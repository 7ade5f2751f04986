"""What a stack's incidents paged, and would have: its composite alarms over the replayed alarms."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.alarm import AlarmAddress, AlarmState
from ecs_monitoring.cloudwatch.composite import CompositeDefinition
from ecs_monitoring.cloudwatch.described import composite_from_described
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import CompositeCourse, composite_courses
from ecs_monitoring.cloudwatch.evaluation.course import Turn
from ops.review.model import AlarmReview, IncidentReview
from replay.outcome import Outcome
from stack.alarm_api import put_composite_alarm_request
from stack.config import StackConfig
from stack.incidents import COMPOSITE
from stack.program import run_program


@dataclass(frozen=True, kw_only=True)
class Composite:
    """A composite alarm of the stack.

    Attributes:
        address: such as ``incident.rds@main``.
        region: that it is in; empty where only the program is known and its provider decides.
        definition: the alarm.
    """

    address: AlarmAddress
    region: str
    definition: CompositeDefinition


def deployed_composites(alarms: Iterable[LiveAlarm]) -> list[Composite]:
    """The composite alarms of a stack as they were read from AWS; those that can be read."""
    found = []
    for alarm in alarms:
        if not alarm.is_composite:
            continue
        try:
            definition = composite_from_described(alarm.raw)
        except CannotEvaluateError:
            continue
        found.append(Composite(address=alarm.address, region=alarm.region, definition=definition))
    return found


def program_composites(config: StackConfig) -> list[Composite]:
    """The composite alarms that the program registers for a stack.

    Raises:
        pulumi.RunError: the settings are wrong.
    """
    return [
        Composite(
            address=AlarmAddress.from_tags(found.inputs.get("tags", {})),
            region=found.inputs.get("region", ""),
            definition=composite_from_described(put_composite_alarm_request(found.inputs)),
        )
        for found in run_program(config).of_type(COMPOSITE)
    ]


def review_incidents(
    composites: Sequence[Composite], alarms: Sequence[AlarmReview], start: int, end: int
) -> tuple[IncidentReview, ...]:
    """What each incident would have paged with the alarms as they are.

    Args:
        composites: the stack's composite alarms.
        alarms: the metric alarms with what a replay made of them. Of one without a replay
            nothing is known: it counts as OK, and the incident says so.
        start: of the stretch, in seconds since 1970 UTC.
        end: of it.
    """
    by_name = {alarm.name: alarm for alarm in alarms}
    named = {c.definition.name: c for c in composites}
    metric = {n for c in composites for n in c.definition.needs} - named.keys()
    turns = {name: _turns(by_name.get(name), start) for name in metric}
    courses = composite_courses(
        (c.definition for c in composites), turns, first=start, last=end, settled=True
    )
    return tuple(
        _reviewed(named[name], course, by_name)
        for name, course in sorted(courses.items(), key=lambda item: named[item[0]].address)
        if course.definition.alarm_actions
    )


def _turns(alarm: AlarmReview | None, start: int) -> list[Turn]:
    outcome = _outcome(alarm)
    if outcome is None:
        return [(start, AlarmState.OK)]
    return [(start, outcome.state), *((c.time, c.state) for c in outcome.changes)]


def _outcome(alarm: AlarmReview | None) -> Outcome | None:
    return alarm.current.outcome if alarm is not None and alarm.current is not None else None


def _reviewed(
    composite: Composite, course: CompositeCourse, alarms: dict[str, AlarmReview]
) -> IncidentReview:
    firings = course.firings
    own = [
        alarm
        for name in composite.definition.children
        if (alarm := alarms.get(name)) is not None and _is_of(alarm.address, composite.address)
    ]
    critical = [alarm for alarm in own if alarm.severity == "critical"]
    outcomes = [outcome for alarm in critical if (outcome := _outcome(alarm)) is not None]
    return IncidentReview(
        address=composite.address,
        name=composite.definition.name,
        paged=tuple(f.told for f in firings if f.told is not None),
        suppressed=tuple(f.start for f in firings if f.told is None),
        without_incidents=sum(len(outcome.firings) for outcome in outcomes),
        not_replayed=tuple(alarm.address for alarm in own if _outcome(alarm) is None),
    )


def _is_of(alarm: AlarmAddress, incident: AlarmAddress) -> bool:
    return (alarm.kind, alarm.target) == (incident.rule, incident.target)
