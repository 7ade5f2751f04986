"""Targets whose alarms tell what another target's alarms tell already."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.rules.plan import Kind
from settings.region import RegionalSettings

_ONE_OF_TWO: Final = "remove one of the two targets"
_ONE_GROUP: Final = "name each target group once"
_PER_GROUP: Final = (
    "for one load balancer in front of several services write per_target_group: true in both "
    "targets, and load_balancer_alarms: false in all but one"
)
_LOG_PATTERNS: Final = (
    "write all patterns of a log group in one target, or enabled: false for the alarms of the other"
)


@dataclass
class _Doubles:
    """What two targets tell both, or one target twice.

    Attributes:
        kind: of both.
        owner: the target that tells it first.
        name: the target that tells it again.
        is_part: whether it is a part of what the other one tells.
        alarms: addresses of the latter's.
    """

    kind: Kind[Any]
    owner: str
    name: str
    is_part: bool
    alarms: list[AlarmAddress] = field(default_factory=list)

    @property
    def since(self) -> str:
        """Why nobody needs the latter."""
        if self.is_part:
            return f"target {self.owner} watches all of it"
        if self.owner == self.name:
            return "two of them watch the same"
        return f"target {self.owner} watches the same already"

    @property
    def hint(self) -> str:
        """What to write."""
        if self.kind.key == "logs":
            return _LOG_PATTERNS
        if self.kind.key != "alb":
            return _ONE_OF_TWO
        is_of_groups = all(alarm.part for alarm in self.alarms)
        return _ONE_GROUP if is_of_groups and not self.is_part else _PER_GROUP


def double_alarms(settings: RegionalSettings) -> Iterator[str]:
    """A warning for each target that tells again what another one tells, or itself."""
    doubles: dict[tuple[str, str, str, bool], _Doubles] = {}
    for kind, owner, rule, is_part in _doubled(settings):
        key = (kind.key, owner, rule.target, is_part)
        doubles.setdefault(key, _Doubles(kind, *key[1:])).alarms.append(rule.address)
    for double in doubles.values():
        keys = dict.fromkeys(alarm.key for alarm in double.alarms)
        alarms = ", ".join(keys)
        what = f"alarm {alarms}" if len(keys) == 1 else f"{len(keys)} alarms ({alarms})"
        yield (
            f"{settings.path(double.kind.key, double.name)}: {what} would notify twice, since "
            f"{double.since}; {double.hint}"
        )


def _doubled(settings: RegionalSettings) -> Iterator[tuple[Kind[Any], str, AlarmRule, bool]]:
    """Each alarm that tells what another one does, with the other one's target.

    The last value is whether it tells a part of it alone.
    """
    targets = {kind.key: targets for kind, targets in settings.targets()}
    first: dict[Hashable, AlarmRule] = {}
    wholes: dict[Hashable, AlarmRule] = {}
    narrow: list[tuple[Kind[Any], AlarmRule]] = []
    for kind, name, plan in settings.plans:
        for rule in plan.rules:
            watched = kind.watched(targets[kind.key][name], rule)
            owners = [first.setdefault(signal, rule) for signal in watched]
            owner = next((owner for owner in owners if owner is not rule), None)
            if owner:
                yield kind, owner.target, rule, False
            else:
                wholes.setdefault((rule.key, _dimensions(rule)), rule)
                narrow.append((kind, rule))
    # A load balancer's errors are those of all its target groups.
    for kind, rule in narrow:
        dimensions = _dimensions(rule)
        for dimension in dimensions:
            whole = wholes.get((rule.key, dimensions - {dimension}))
            if whole and whole.target != rule.target:
                yield kind, whole.target, rule, True


def _dimensions(rule: AlarmRule) -> frozenset[tuple[str, str]]:
    return frozenset(item for metric in rule.metrics for item in metric.dimensions.items())
