"""The composite alarms of a stack's incidents, as values.

CloudWatch lets a composite alarm have one suppressor. A group with several causes has a composite
alarm without actions over them for that. What does not fit into one rule is split over further
ones without actions.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.rule import with_runbook
from ecs_monitoring.rules.incidents.description import incident_description
from ecs_monitoring.rules.incidents.grouping import Dependencies, IncidentGroup, incident_groups
from ecs_monitoring.rules.incidents.parts import IncidentPart, Member
from ecs_monitoring.rules.plan import section_of
from ecs_monitoring.words import listed, quoted

KIND: Final = "incident"
"""The first part of the addresses of composite alarms: ``incident.rds@main``."""

_OR: Final = " OR "

RUNBOOK: Final = "incident"
"""The heading of their section on the runbook page."""


def target_kind(address: AlarmAddress) -> str:
    """The kind of the target; of an incident's composite alarm, that of the alarms below it."""
    return address.rule if address.kind == KIND else address.kind


@dataclass(frozen=True, kw_only=True)
class IncidentComposite:
    """One composite alarm.

    Attributes:
        address: ``incident.<kind>@<target>``, with ``/<part>`` where it is about a part alone;
            without actions ``incident.<kind>-<what>@<target>``.
        component: the name of the component that watches the target.
        part: what it helps the target's group with; empty for the group itself.
        name: its name in CloudWatch.
        description: as CloudWatch shows it.
        rule: over the states of other alarms.
        children: the alarms that the rule names.
        pages: whether it has actions at all.
        suppressor: the name of the composite alarm that holds its actions back; empty without one.
        wait_period: seconds that it waits for the suppressor.
        extension_period: seconds that it may outlive the suppressor.
    """

    address: AlarmAddress
    component: str
    part: str = ""
    name: str
    description: str
    rule: str
    children: tuple[str, ...]
    pages: bool
    suppressor: str = ""
    wait_period: int = 0
    extension_period: int = 0

    @property
    def local_name(self) -> str:
        """What it is about, and what it helps with, unique within a component."""
        watched = self.address.watched.replace("/", ".")
        return f"{watched}--{self.part}" if self.part else watched


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Whose composite alarms they are.

    Attributes:
        project: the Pulumi project.
        stack: the Pulumi stack.
        runbooks: page with one section a rule; empty for none.
    """

    project: str
    stack: str
    runbooks: str

    @property
    def runbook(self) -> str:
        """The runbook of every incident; empty for none."""
        return section_of(self.runbooks, RUNBOOK)

    def name(self, group: IncidentGroup, rule: str) -> str:
        """``<project>-<stack>-incident-<target>-<kind>``, as every alarm of the stack is called."""
        own = KIND if group.component == group.kind else f"{group.component}.{KIND}"
        watched = f"{group.target}.{group.part}" if group.part else group.target
        return f"{self.project}-{self.stack}-{own}-{watched}-{rule}"


def is_incident_of(incident: AlarmAddress, alarm: AlarmAddress) -> bool:
    """Whether an incident is that of an alarm's target."""
    return (alarm.kind, alarm.target) == (incident.rule, incident.target)


def incident_composites(
    owner: Owner, parts: Iterable[IncidentPart], depends_on: Dependencies | None = None
) -> tuple[IncidentComposite, ...]:
    """The composite alarms of a stack, each after those that it names.

    Raises:
        InvalidValueError: dependencies that cannot be, or more than CloudWatch takes.
    """
    made: list[IncidentComposite] = []
    suppressors: dict[tuple[str, ...], str] = {}
    for group in incident_groups(parts, depends_on):
        causes = tuple(cause.key for cause in group.causes)
        if len(causes) > 1 and causes not in suppressors:
            helpers = _causes(owner, group)
            suppressors[causes] = helpers[-1].name
            made += helpers
        made += _group(owner, group, suppressors)
    _refuse_too_many(made)
    return tuple(made)


def _group(
    owner: Owner, group: IncidentGroup, suppressors: dict[tuple[str, ...], str]
) -> Iterator[IncidentComposite]:
    helpers: list[IncidentComposite] = []
    terms: list[str] = []
    children: list[str] = []
    # Alarms, signs and symptoms share the rule, where there are signs at all.
    shares = 3 if group.signs else 1
    if group.critical:
        alarms = _any_of(owner, group, "alarms", _names(group.critical), shares)
        terms.append(alarms.rule)
        children += alarms.children
        helpers += alarms.helpers
    if group.signs:
        signs = _any_of(owner, group, "signs", _names(group.signs), shares)
        symptoms = _any_of(owner, group, "symptoms", _names(group.symptom_alarms), shares)
        terms.append(f"(({signs.rule}) AND ({symptoms.rule}))")
        children += (*signs.children, *symptoms.children)
        helpers += (*signs.helpers, *symptoms.helpers)
    yield from helpers
    yield IncidentComposite(
        address=AlarmAddress.of(f"{KIND}.{group.kind}", group.target, group.part),
        component=group.component,
        name=owner.name(group, group.kind),
        description=incident_description(group, owner.runbook),
        rule=_OR.join(terms),
        children=tuple(dict.fromkeys(children)),
        pages=True,
        suppressor=_suppressor(owner, group, suppressors),
        wait_period=group.wait_period,
        extension_period=group.extension_period,
    )


def _suppressor(owner: Owner, group: IncidentGroup, suppressors: dict[tuple[str, ...], str]) -> str:
    if not group.causes:
        return ""
    if len(group.causes) == 1:
        return owner.name(group.causes[0], group.causes[0].kind)
    return suppressors[tuple(cause.key for cause in group.causes)]


def _causes(owner: Owner, group: IncidentGroup) -> list[IncidentComposite]:
    """The composite alarm over a group's causes, last, after what it is split over."""
    names = [owner.name(cause, cause.kind) for cause in group.causes]
    causes = _any_of(owner, group, "causes", names)
    keys = listed(cause.key for cause in group.causes)
    text = f"No page: on while one of {keys} has an incident, which others are silent for."
    over = _silent(owner, group, "causes", causes.rule, causes.children, text)
    return [*causes.helpers, over]


def _names(alarms: Iterable[Member]) -> list[str]:
    return [alarm.name for alarm in alarms]


@dataclass(frozen=True)
class _AnyOf:
    """A rule that is true while one of some alarms is on.

    Attributes:
        rule: the rule.
        children: the alarms that it names.
        helpers: the composite alarms that it is split over, which are among these.
    """

    rule: str
    children: tuple[str, ...]
    helpers: tuple[IncidentComposite, ...] = ()


def _any_of(
    owner: Owner, group: IncidentGroup, what: str, names: Sequence[str], shares: int = 1
) -> _AnyOf:
    """A rule that is true while one of some alarms is on.

    Args:
        owner: whose composite alarms they are.
        group: the group that needs it.
        what: what the alarms are to the group; part of the names of what it is split over.
        names: the alarms.
        shares: how many of such rules have to fit into one.
    """
    terms = [f"ALARM({quoted(name)})" for name in names]
    most = limits.CHILDREN_OF_COMPOSITE // shares
    longest = limits.COMPOSITE_RULE_LENGTH // shares - len("(() AND ())")
    if len(names) <= most and len(_OR.join(terms)) <= longest:
        return _AnyOf(_OR.join(terms), tuple(names))
    size = min(
        limits.CHILDREN_OF_COMPOSITE,
        limits.COMPOSITE_RULE_LENGTH // (max(map(len, terms)) + len(_OR)),
    )
    split: list[IncidentComposite] = []
    for number, start in enumerate(range(0, len(names), size), start=1):
        some = names[start : start + size]
        rule = _OR.join(terms[start : start + size])
        text = f"No page: some of the alarms that {group.key} is about, too many for one rule."
        split.append(_silent(owner, group, f"{what}-{number}", rule, some, text))
    over = _any_of(owner, group, f"{what}-all", [part.name for part in split], shares)
    return _AnyOf(over.rule, over.children, (*split, *over.helpers))


def _silent(
    owner: Owner, group: IncidentGroup, what: str, rule: str, children: Sequence[str], text: str
) -> IncidentComposite:
    """A composite alarm without actions."""
    own = f"{group.kind}-{what}"
    return IncidentComposite(
        address=AlarmAddress.of(f"{KIND}.{own}", group.target, group.part),
        component=group.component,
        part=what,
        # Two hyphens, which no target's name has: a target may be called "main-rds".
        name=owner.name(group, f"-{own}"),
        description=with_runbook(text, owner.runbook),
        rule=rule,
        children=tuple(children),
        pages=False,
    )


def _refuse_too_many(made: Sequence[IncidentComposite]) -> None:
    """What CloudWatch would refuse of them.

    Raises:
        InvalidValueError: a name, a rule or a number that is beyond its limits.
    """
    parents: dict[str, int] = {}
    names: set[str] = set()
    for composite in made:
        for child in composite.children:
            parents[child] = parents.get(child, 0) + 1
        problem = ""
        if composite.name in names:
            problem = "two incidents would have this alarm name: rename one of the targets"
        elif len(composite.name) > limits.ALARM_NAME_LENGTH:
            problem = f"the name has more than {limits.ALARM_NAME_LENGTH} characters: shorten it"
        elif len(composite.rule) > limits.COMPOSITE_RULE_LENGTH:
            problem = f"the rule has more than {limits.COMPOSITE_RULE_LENGTH:,} characters"
        elif len(composite.children) > limits.CHILDREN_OF_COMPOSITE:
            problem = f"the rule names more than {limits.CHILDREN_OF_COMPOSITE} alarms"
        if problem:
            raise InvalidValueError(f"{composite.address} ({composite.name}): {problem}")
        names.add(composite.name)
    for name, number in parents.items():
        if number > limits.COMPOSITES_ABOVE_ALARM:
            raise InvalidValueError(
                f"{number} composite alarms would stand above {name}, of at most "
                f"{limits.COMPOSITES_ABOVE_ALARM}: say with depends_on what rests on what, or "
                "write paging: alarm"
            )
