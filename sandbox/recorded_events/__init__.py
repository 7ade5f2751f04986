"""Events as AWS's documentation shows them, and as they would be about a stack's own targets.

Each file holds one event word for word, where it is documented, which of its words are names, and
what is changed of it where the documentation shows no event of that sort.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from sandbox.clients import ACCOUNT
from sandbox.deployed import Deployed

_FILES: Final = Path(__file__).resolve().parent

# The dimensions of a kind's alarms that name what they watch.
_DIMENSIONS: Final = {
    "ClusterName": "cluster",
    "ServiceName": "service",
    "DBInstanceIdentifier": "instance",
}


class RecordedEvent(BaseModel):
    """An event as AWS documents it."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    documented: str
    """Where."""

    kind: str
    """The kind of target that it is about; empty for none."""

    names: dict[str, str]
    """Words of the event that are names, to what stands for them: ``{service}``."""

    event: dict[str, Any]
    """The event, word for word."""

    differs: str = ""
    """What is changed of it, and by what; empty for nothing."""

    changes: dict[str, Any] = {}
    """The fields that are changed, within objects field by field."""

    def about(self, names: Mapping[str, str], time: str) -> dict[str, Any]:
        """The event as it would be about something else.

        Args:
            names: by what stands for them: ``service``, ``region``, ….
            time: when it happens.
        """
        text = json.dumps(_changed(self.event, self.changes))
        for word, stands in self.names.items():
            text = text.replace(word, stands.format(**names))
        return {**json.loads(text), "time": time}


def _changed(event: Any, changes: Any) -> Any:
    if not isinstance(event, dict) or not isinstance(changes, dict):
        return changes
    return {**event, **{key: _changed(event.get(key), value) for key, value in changes.items()}}


@dataclass(frozen=True)
class Named:
    """One of a stack's targets as events name it.

    Attributes:
        target: the target's name in the settings; empty for the stack itself.
        names: what AWS calls it.
    """

    target: str
    names: Mapping[str, str]


def recorded_events() -> dict[str, RecordedEvent]:
    """Every recorded event by its file's name."""
    return {
        path.stem: RecordedEvent.model_validate_json(path.read_text(encoding="utf-8"))
        for path in sorted(_FILES.glob("*.json"))
    }


def named_targets(deployed: Deployed, kind: str, region: str) -> list[Named]:
    """The targets of a kind, told from what their alarms watch; the stack where there is no kind.

    Args:
        deployed: the stack's alarms.
        kind: such as ``ecs``; empty for none.
        region: the stack's own.
    """
    # A service that every stack uses: CloudWatch itself.
    place = {"account": ACCOUNT, "region": region, "service_code": "CLOUDWATCH"}
    if not kind:
        return [Named("", place)]
    targets: dict[str, dict[str, str]] = {}
    for alarm in deployed.alarms.values():
        if alarm.address.kind == kind:
            names = targets.setdefault(alarm.address.target, {})
            for metric in alarm.definition.metrics:
                names |= {_DIMENSIONS[n]: v for n, v in metric.dimensions if n in _DIMENSIONS}
    return [Named(target, {**names, **place}) for target, names in targets.items()]


FOREIGN: Final = {
    "cluster": "somebody-elses-cluster",
    "service": "somebody-elses-service",
    "instance": "somebody-elses-db",
    "db_cluster": "somebody-elses-db-cluster",
}
"""Names that no stack has."""
