"""The stack's alarms as they were deployed, one JSON file a region."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from account.alarms import LiveAlarm
from history.atomic import write_atomically
from history.day import BadFileError

_FORMAT: Final = 1

# Fields of DescribeAlarms that are times, such as StateUpdatedTimestamp, end so:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
_TIME: Final = "Timestamp"


def write_alarms(path: Path, alarms: Sequence[LiveAlarm], taken: datetime) -> None:
    """Write the alarms of one region.

    Raises:
        OSError: the file cannot be written.
    """
    document = {
        "format": _FORMAT,
        "taken": taken.isoformat(),
        "alarms": [
            {
                "region": alarm.region,
                "tags": {**alarm.address.tags, "Severity": alarm.severity},
                "alarm": alarm.raw,
            }
            for alarm in alarms
        ],
    }
    text = json.dumps(document, indent=1, ensure_ascii=False, default=datetime.isoformat)
    write_atomically(path, text.encode())


def read_alarms_file(path: Path) -> tuple[LiveAlarm, ...]:
    """The alarms of one region, as ``account.reading.read_alarms`` found them.

    Raises:
        BadFileError: the file is damaged, or is no such file.
    """
    try:
        document = json.loads(path.read_bytes())
        if document["format"] != _FORMAT:
            raise ValueError(f"its format is {document['format']}, not {_FORMAT}")
        return tuple(
            LiveAlarm.described(_with_times(alarm["alarm"]), alarm["tags"], alarm["region"])
            for alarm in document["alarms"]
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadFileError(path, f"not a file of alarms: {error!r}") from None


def _with_times(alarm: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name.endswith(_TIME) else value
        for name, value in alarm.items()
    }
