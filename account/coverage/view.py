"""Everything that one region's findings follow from: what AWS tells and what settings say."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from account.alarms import LiveAlarm
from account.coverage.inventory import Inventory
from account.coverage.known_metrics import KnownMetrics
from account.coverage.watchers import Watcher
from account.mute_rules import MuteRule
from account.stack import StackPlace
from account.topics import Topic
from ecs_monitoring.cloudwatch.definition import MetricKey
from ecs_monitoring.rules import KINDS
from stack.config import StackConfig


@dataclass(frozen=True, kw_only=True)
class Declared:
    """The parts of a stack's settings that coverage is about.

    Attributes:
        targets: section to the targets in it, each by its name with its fields as written.
        switched_off: keys of overrides with ``enabled: false``: ``ecs.cpu-high``, or
            ``ecs.cpu-high@web``.
    """

    targets: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    switched_off: frozenset[str] = frozenset()

    @classmethod
    def of(cls, config: StackConfig) -> Self:
        """What a stack's config declares; what has not the form of settings is left out."""
        overrides = _section(config, "alarms")
        return cls(
            targets={kind.key: _section(config, kind.key) for kind in KINDS},
            switched_off=frozenset(
                key for key, override in overrides.items() if override.get("enabled") is False
            ),
        )

    def named(self, section: str, fields: Mapping[str, Any]) -> str:
        """The name under which a section has a target already; empty where it has not.

        Args:
            section: such as ``ecs``.
            fields: the fields that say which target it is; ARNs may stand for their ends.
        """
        for name, target in self.targets.get(section, {}).items():
            if all(_ends(target.get(key), value) for key, value in fields.items()):
                return name
        return ""

    def is_switched_off(self, key: str, target: str) -> bool:
        """Whether the settings leave a rule out on purpose."""
        return key in self.switched_off or f"{key}@{target}" in self.switched_off


@dataclass(frozen=True, kw_only=True)
class RegionView:
    """One region, as it was at one moment.

    Attributes:
        place: the stack.
        region: the region's name.
        now: when it was looked at.
        alarms: the stack's alarms there.
        watchers: every alarm of the region.
        inventory: what runs there; ``None`` where the stack has only outside checks.
        metrics: the metrics that had data lately; ``None`` where it could not be looked at.
        recorded: whether the archive of metric history has any record of a metric.
        topics: ARN to topic, for each topic that the stack's alarms tell.
        mute_rules: those that are active.
        declared: what the stack's settings say.
    """

    place: StackPlace
    region: str
    now: datetime
    alarms: tuple[LiveAlarm, ...]
    watchers: tuple[Watcher, ...] = ()
    inventory: Inventory | None = None
    metrics: KnownMetrics | None = None
    recorded: Mapping[MetricKey, bool] = field(default_factory=dict)
    topics: Mapping[str, Topic] = field(default_factory=dict)
    mute_rules: tuple[MuteRule, ...] = ()
    declared: Declared = field(default_factory=Declared)

    @property
    def settings_file(self) -> str:
        """The file that the stack's settings are in."""
        return f"Pulumi.{self.place.stack}.yaml"


def _section(config: StackConfig, name: str) -> dict[str, Mapping[str, Any]]:
    try:
        section = json.loads(config.values.get(f"{config.project}:{name}") or "{}")
    except ValueError:
        return {}
    items = section.items() if isinstance(section, dict) else ()
    return {key: value for key, value in items if isinstance(value, dict)}


def _ends(written: object, value: str) -> bool:
    return written == value or (
        isinstance(written, str) and written.startswith("arn:") and written.endswith(f"/{value}")
    )
