"""Which alarms are one incident: a group a target, and which groups explain which.

A target's group is on while one of its critical alarms is. The groups that it rests on are its
causes: while one of them is on, the group does not page. Where nothing else is said, a target
rests on every target of the layers below its own (``rules.layer``).

A database that is slow pages by its users' alarms long before it runs out of connections. So a
warning of a target that others rest on counts as a sign: together with a critical alarm of
whatever rests on it, it turns the target's own group on. The page then names the cause, and comes
with the symptom.

How long a symptom waits for its causes (``actionsSuppressorWaitPeriod``) follows from the rules:
the seconds until the slowest alarm of a cause is on at the latest (M periods, the longest delay of
its data, one evaluation), less the seconds until the fastest critical alarm of the group is on at
the earliest, in whole minutes. How long it may take to end after its cause has
(``actionsSuppressorExtensionPeriod``) are the N periods of its slowest alarm and the delay of
their data. Both are bounded, so that no page is put off by a rule that takes an hour.

What is on hours or days before anything fails, such as a volume that fills up, explains no trouble
that is there meanwhile. Such alarms of a target are an incident of their own: it pages at once, and
nobody is silent for it. In the target's group they would silence every symptom until somebody has
enlarged the volume, and what else the target has would come without a page.

Who holds others back must page itself, or nobody does: a cause that is over before it has waited
tells nobody, and if it comes back again and again its symptom waits for ever. So a cause that
others rest on waits for less than its shortest firing, and what only sees trouble, and could be
over before it has waited, holds nobody back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules.incidents.parts import EVALUATION, IncidentPart, Member
from ecs_monitoring.rules.layer import Layer
from ecs_monitoring.words import MINUTE, did_you_mean

SIGN_WITHIN: Final = 300
"""Seconds: a warning whose condition has to hold for longer is no sign of a cause.

All critical rules are on within them. What shows later than the symptom has waited would page a
second time.
"""

LONGEST_WAIT: Final = 600
"""Seconds that a page may be put off. A cause that shows later has a page of its own."""

FORESEEN: Final = "foreseen"
"""The part of a target's group for what is on long before anything fails."""

SPARE: Final = 10
"""Seconds by which a cause's own wait is shorter than its shortest firing: it pages in it."""

LONGEST_EXTENSION: Final = 900
"""Seconds that a symptom may outlive its cause before it pages."""

Dependencies = Mapping[str, Sequence[str]]
"""Target to the targets that it rests on, each as ``<kind>.<name>``, such as ``ecs.web``."""


@dataclass(frozen=True, kw_only=True)
class IncidentGroup:
    """The alarms of one target that are one incident.

    Attributes:
        component: the name of the monitoring component.
        kind: the kind's key.
        target: the target's name.
        part: what of the target it is about, if not all of it.
        layer: where the kind stands; ``None`` where nobody is silent for it, nor it for anybody.
        critical: the alarms of which one turns it on.
        signs: warnings that turn it on together with a symptom.
        causes: the groups that it rests on, directly or not.
        symptoms: the groups that rest on it.
    """

    component: str
    kind: str
    target: str
    part: str = ""
    layer: Layer | None
    critical: tuple[Member, ...]
    signs: tuple[Member, ...] = ()
    causes: tuple["IncidentGroup", ...] = field(default=(), repr=False)
    symptoms: tuple["IncidentGroup", ...] = field(default=(), repr=False)

    @property
    def key(self) -> str:
        """``<component>.<target>``, such as ``rds.main``, and ``/<part>``: unique in a stack."""
        return f"{self.component}.{self.target}" + (f"/{self.part}" if self.part else "")

    @cached_property
    def symptom_alarms(self) -> tuple[Member, ...]:
        """The critical alarms of what rests on it."""
        return tuple(alarm for group in self.symptoms for alarm in group.critical)

    @cached_property
    def signals(self) -> tuple[Member, ...]:
        """Every alarm of the target that can turn it on."""
        return (*self.critical, *self.signs)

    @cached_property
    def latest(self) -> int:
        """Seconds until every alarm that can turn it on is on."""
        return max(alarm.latest for alarm in self.signals)

    @cached_property
    def wait_period(self) -> int:
        """Seconds that it waits for a cause to show; 0 where it rests on nothing."""
        if not self.causes:
            return 0
        shows = max(cause.latest for cause in self.causes)
        first = min(alarm.earliest for alarm in self.critical or self.signs)
        wait = _whole_minutes(max(EVALUATION, shows - first), LONGEST_WAIT)
        if self.symptoms and self.is_cause:
            return min(wait, self.shortest_firing - SPARE)
        return wait

    @cached_property
    def shortest_firing(self) -> int:
        """Seconds that it is on at least, once it is."""
        alarms = (*self.critical, *self.signs, *(self.symptom_alarms if self.signs else ()))
        return min(alarm.shortest_firing for alarm in alarms)

    @property
    def is_cause(self) -> bool:
        """Whether it is something that can break, and not only what is seen of it."""
        return self.layer is not None and self.layer.has_signs

    @property
    def holds_back(self) -> bool:
        """Whether others may be silent for it: it pages whenever it is on, however shortly."""
        return self.wait_period < self.shortest_firing

    @property
    def extension_period(self) -> int:
        """Seconds that it may outlive its causes; 0 where it rests on nothing."""
        if not self.causes:
            return 0
        last = max(alarm.over for alarm in self.signals)
        return _whole_minutes(last - EVALUATION, LONGEST_EXTENSION)


def _whole_minutes(seconds: int, most: int) -> int:
    return min(-(-seconds // MINUTE) * MINUTE, most)


def incident_groups(
    parts: Iterable[IncidentPart], depends_on: Dependencies | None = None
) -> tuple[IncidentGroup, ...]:
    """The groups of a stack, each after its causes.

    Args:
        parts: the alarms of every monitoring component.
        depends_on: what a target rests on, instead of all that is below its layer.

    Raises:
        InvalidValueError: a dependency on what is no target, or one that leads back to itself.
    """
    parts = tuple(parts)
    targets = {group.key: group for part in parts for group in _targets(part)}
    below = _resolved(targets, depends_on or {})
    above = {key: [other for other in targets if key in below[other]] for key in targets}
    # A warning alone pages nobody: without a symptom's alarm it is no sign.
    told = {
        key
        for key, target in targets.items()
        if target.critical or (target.signs and any(targets[o].critical for o in above[key]))
    }
    made: dict[str, IncidentGroup] = {}
    # Sorting keeps the order of the targets where it is a draw.
    order = sorted((key for key in targets if key in told), key=lambda key: len(below[key] & told))
    for key in order:
        target = targets[key]
        made[key] = IncidentGroup(
            **{name: getattr(target, name) for name in _OWN},
            signs=target.signs if any(targets[other].critical for other in above[key]) else (),
            causes=tuple(
                made[cause] for cause in order if cause in below[key] and made[cause].holds_back
            ),
            symptoms=tuple(targets[other] for other in above[key] if targets[other].critical),
        )
    return (*made.values(), *(group for part in parts for group in _foreseen(part)))


_OWN: Final = ("component", "kind", "target", "layer", "critical")


def _targets(part: IncidentPart) -> Iterable[IncidentGroup]:
    """A group for each target of a component, without causes and symptoms."""
    for name, alarms in _alarms_by_target(part).items():
        yield IncidentGroup(
            component=part.component,
            kind=part.kind,
            target=name,
            layer=part.layer,
            critical=tuple(a for a in alarms if _is_critical(a) and not a.foresees),
            signs=tuple(a for a in alarms if _is_sign(part.layer, a)),
        )


def _foreseen(part: IncidentPart) -> Iterable[IncidentGroup]:
    """A group for each target of a component of which something is foreseen."""
    for name, alarms in _alarms_by_target(part).items():
        critical = tuple(a for a in alarms if _is_critical(a) and a.foresees)
        if critical:
            yield IncidentGroup(
                component=part.component,
                kind=part.kind,
                target=name,
                part=FORESEEN,
                layer=None,
                critical=critical,
            )


def _alarms_by_target(part: IncidentPart) -> dict[str, list[Member]]:
    alarms: dict[str, list[Member]] = {name: [] for name in part.targets}
    for member in part.members:
        alarms.setdefault(member.target, []).append(member)
    return alarms


def _is_critical(alarm: Member) -> bool:
    return alarm.severity is Severity.CRITICAL


def _is_sign(layer: Layer | None, alarm: Member) -> bool:
    return (
        layer is not None
        and layer.has_signs
        and not _is_critical(alarm)
        and not alarm.foresees
        and alarm.breaching <= SIGN_WITHIN
    )


def _resolved(
    targets: Mapping[str, IncidentGroup], depends_on: Dependencies
) -> dict[str, frozenset[str]]:
    """Each target with everything that it rests on, directly or not."""
    for target, keys in depends_on.items():
        for named in (target, *keys):
            if named not in targets:
                raise InvalidValueError(f'unknown target "{named}"{did_you_mean(named, targets)}')
    direct = {key: _direct(group, targets, depends_on) for key, group in targets.items()}
    if not depends_on:
        # All that is below a layer is all that is below what is below it, too.
        return {key: frozenset(below) for key, below in direct.items()}
    return {key: _closure(key, direct) for key in targets}


def _direct(
    group: IncidentGroup, targets: Mapping[str, IncidentGroup], depends_on: Dependencies
) -> tuple[str, ...]:
    if group.key in depends_on:
        return tuple(depends_on[group.key])
    if group.layer is None:
        return ()
    return tuple(
        other.key
        for other in targets.values()
        if other.layer is not None and other.layer < group.layer
    )


def _closure(key: str, direct: Mapping[str, Sequence[str]]) -> frozenset[str]:
    reached: set[str] = set()
    left: list[tuple[str, tuple[str, ...]]] = [(below, (key, below)) for below in direct[key]]
    while left:
        below, way = left.pop()
        if below == key:
            raise InvalidValueError(
                f"{' depends on '.join(way)}: a cause and its symptom cannot be each other's; "
                "leave one of them out"
            )
        if below not in reached:
            reached.add(below)
            left += [(next_, (*way, next_)) for next_ in direct[below]]
    return frozenset(reached)
