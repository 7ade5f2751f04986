"""An alarm's own past: its changes of state as CloudWatch recorded them."""

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

from ecs_monitoring.cloudwatch.alarm import AlarmState
from history.atomic import write_atomically
from history.day import BadFile

STATE_UPDATE: Final = "StateUpdate"
"""The sort of history items that are changes of state."""

# What of an item is kept.
_FIELDS: Final = ("AlarmName", "AlarmType", "HistoryItemType", "HistorySummary", "HistoryData")

_SUMMARY: Final = ("Alarm updated from ", " to ")


@dataclass(frozen=True, kw_only=True)
class StateChange:
    """One change of an alarm's state.

    Attributes:
        time: seconds since 1970 UTC, rounded down.
        state: the state from then on.
        previous: the state before.
        reason: why, in CloudWatch's words, or those of whoever set the state.
        reason_data: the same for programs (``StateReasonData``); empty where nobody computed it,
            as with SetAlarmState.
    """

    time: int
    state: AlarmState
    previous: AlarmState
    reason: str = ""
    reason_data: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def moment(self) -> datetime:
        """The time in UTC."""
        return datetime.fromtimestamp(self.time, UTC)

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Self:
        """A change from an item of the archive.

        ``HistoryData`` may have at most 4,095 characters (shape ``HistoryData`` of botocore's
        service model); where it is cut off, the summary says which states they were.

        Raises:
            ValueError: it is no change of state.
            KeyError: it has no time.
        """
        time = int(datetime.fromisoformat(item["Timestamp"]).timestamp())
        try:
            data = json.loads(item.get("HistoryData") or "{}")
            new, old = data["newState"], data["oldState"]
            return cls(
                time=time,
                state=AlarmState(new["stateValue"]),
                previous=AlarmState(old["stateValue"]),
                reason=new.get("stateReason", ""),
                reason_data=new.get("stateReasonData") or {},
            )
        except (json.JSONDecodeError, KeyError, TypeError):
            summary = str(item.get("HistorySummary", ""))
            old, _, new = summary.removeprefix(_SUMMARY[0]).partition(_SUMMARY[1])
            return cls(time=time, state=AlarmState(new), previous=AlarmState(old))


def kept_item(item: Mapping[str, Any]) -> dict[str, str]:
    """An item of DescribeAlarmHistory as it is archived.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AlarmHistoryItem.html
    """
    moment: datetime = item["Timestamp"]
    fields = {name: str(item[name]) for name in _FIELDS if item.get(name)}
    return {"Timestamp": moment.astimezone(UTC).isoformat(), **fields}


def add_items(path: Path, items: Iterable[Mapping[str, str]]) -> tuple[int, list[BadFile]]:
    """Add items to an alarm's file, each once, in the order of time.

    A file with lines that cannot be read is copied to ``<name>.corrupt``; its good lines stay.

    Args:
        path: JSON lines.
        items: as ``kept_item`` makes them.

    Returns:
        How many were new, and what was set aside.

    Raises:
        OSError: the file cannot be read or written.
    """
    kept_items, bad = read_items(path)
    if bad:
        shutil.copyfile(path, path.with_name(f"{path.name}.corrupt"))
    # "The timestamp enables you to confirm unique state changes":
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
    together = {(item["Timestamp"], item.get("HistorySummary")): item for item in kept_items}
    before = len(together)
    together |= {(item["Timestamp"], item.get("HistorySummary")): dict(item) for item in items}
    if len(together) > before or bad or not path.exists():
        lines = [json.dumps(together[key], ensure_ascii=False) for key in sorted(together)]
        text = "".join(f"{line}\n" for line in lines)
        write_atomically(path, text.encode())
    return len(together) - before, bad


def read_items(path: Path) -> tuple[list[dict[str, str]], list[BadFile]]:
    """The items of an alarm's file and, as at most one entry, the lines that cannot be read.

    Raises:
        OSError: the file is there and cannot be read.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return [], []
    items = []
    unreadable = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            StateChange.from_item(item)
        except (ValueError, KeyError, TypeError, AttributeError):
            unreadable.append(number)
        else:
            items.append(item)
    if not unreadable:
        return items, []
    numbers = ", ".join(map(str, unreadable))
    return items, [BadFile(path=path, reason=f"no change of state in line {numbers}")]
