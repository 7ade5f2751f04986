"""What an export is: files, what each of them carries over, and what is left out and why."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from exports.monitoring import Item, StackMonitoring


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """How another system judges an alarm, a few words each: a row of docs/exports.md.

    Attributes:
        window: over which time it computes a value, and how often, such as
            ``300 s, every 60 s``.
        held: how often or how long the condition must hold, such as ``3 of 5`` or ``all of 5 min``.
        missing: what no data becomes, such as ``OK``.
        delay: how old the data is that it looks at, such as ``3 min``.
    """

    window: str
    held: str
    missing: str
    delay: str


@dataclass(frozen=True, kw_only=True)
class Carried:
    """Something that a file carries over.

    Attributes:
        item: what.
        file: path of the file, relative to the export's folder.
        judged: how the other system judges an alarm; ``None`` where it is only shown.
        differences: how it is judged or shown otherwise than by CloudWatch, a sentence each.
    """

    item: Item
    file: str
    judged: Judgement | None = None
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Something that is not carried over.

    Attributes:
        item: what.
        reason: why, and what to do instead where there is something.
    """

    item: Item
    reason: str


class NotCarriedError(Exception):
    """Another system cannot hold something, as far as it is known here; the message says why."""


def unread(monitoring: StackMonitoring) -> list[LeftOut]:
    """The alarms that no value can express, so that no system gets them."""
    return [LeftOut(item=item, reason=reason) for item, reason in monitoring.unread]


@dataclass(frozen=True, kw_only=True)
class Export:
    """A stack as files of one system.

    Attributes:
        system: the system's name, such as ``grafana``.
        monitoring: what was exported.
        files: path relative to the export's folder, with ``/``, to the file's text.
        carried: what the files carry over.
        left_out: what they do not.
        notes: what whoever uses the files has to know, a sentence each: what it costs, what to do.
    """

    system: str
    monitoring: StackMonitoring
    files: Mapping[str, str]
    carried: tuple[Carried, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Hold the export against what there was to export.

        Raises:
            AssertionError: something is neither carried over nor left out, or both, or carried
                over by a file that is not there: the system's writer is wrong.
        """
        carried = {entry.item for entry in self.carried}
        left_out = {entry.item for entry in self.left_out}
        lost = [str(item) for item in self.monitoring.items if item not in carried | left_out]
        assert not lost, f"neither carried over nor left out: {', '.join(lost)}"
        both = sorted(str(item) for item in carried & left_out)
        assert not both, f"carried over and left out: {', '.join(both)}"
        made_up = sorted(map(str, (carried | left_out) - set(self.monitoring.items)))
        assert not made_up, f"nothing of the stack: {', '.join(made_up)}"
        gone = sorted({entry.file for entry in self.carried} - set(self.files))
        assert not gone, f"carried over by files that are not there: {', '.join(gone)}"

    def as_json(self) -> dict[str, Any]:
        """The export without the files' texts, for scripts."""
        return {
            "system": self.system,
            "project": self.monitoring.project,
            "stack": self.monitoring.stack,
            "region": self.monitoring.region,
            "files": sorted(self.files),
            "carried": [
                {
                    "kind": entry.item.kind.value,
                    "name": entry.item.name,
                    "file": entry.file,
                    "judged": None if entry.judged is None else asdict(entry.judged),
                    "differences": list(entry.differences),
                }
                for entry in self.carried
            ],
            "left_out": [
                {
                    "kind": entry.item.kind.value,
                    "name": entry.item.name,
                    "reason": entry.reason,
                }
                for entry in self.left_out
            ],
            "notes": list(self.notes),
        }
