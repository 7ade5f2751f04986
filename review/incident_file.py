"""Incidents from a file: what was wrong and when, so that thresholds can be weighed against it.

A CSV, with commas, semicolons or tabs, and the header ``start,end,note`` and, where they are
needed, ``alarm`` and ``real``:

* ``alarm``: the key or address of the alarm that the incident concerns; empty for all alarms.
* ``real``: ``yes``, ``no`` or empty. ``python -m ops history firings`` writes the firings that
  CloudWatch recorded as such a file with this column empty; whoever remembers them fills it in.
  Only rows with ``yes``, and rows of files without the column, are incidents.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Final

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.evaluation import epoch_seconds
from history.text import TextError, header_and_rows, moment_of, read_text
from replay.incidents import Incident

_NEEDED: Final = {"start", "end"}
_COLUMNS: Final = ("start", "end", "note", "alarm", "real")
_ANSWERS: Final = {"yes": True, "no": False, "": None}


class IncidentFileError(Exception):
    """An incident file cannot be used; the message says where and what to write instead."""


@dataclass(frozen=True, kw_only=True)
class Incidents:
    """The incidents of a file.

    Attributes:
        rows: each incident with the alarm that it concerns, empty for all.
        unanswered: how many rows wait for a yes or no.
    """

    rows: tuple[tuple[str, Incident], ...] = ()
    unanswered: int = 0

    def of(self, address: AlarmAddress) -> tuple[Incident, ...]:
        """The incidents that concern an alarm, by start."""
        rows = (row for alarm, row in self.rows if not alarm or alarm in address.forms)
        return tuple(sorted(rows, key=lambda incident: incident.start))


def read_incidents(
    path: Path, addresses: frozenset[str] | None = None, *, zone: tzinfo = UTC
) -> Incidents:
    """Read an incident file.

    Args:
        path: the file.
        addresses: keys and addresses of the stack's alarms; ``None`` takes any.
        zone: of times that name none.

    Raises:
        IncidentFileError: what cannot be used in it.
    """
    try:
        read = list(_rows(path))
    except TextError as error:
        raise IncidentFileError(str(error)) from None
    rows = []
    unanswered = 0
    for where, row in read:
        if row["real"].lower() not in _ANSWERS:
            raise IncidentFileError(f"{where}: real is {row['real']!r}: write yes, no or nothing")
        if addresses is not None and row["alarm"] and row["alarm"] not in addresses:
            raise IncidentFileError(
                f"{where}: the stack has no alarm {row['alarm']!r}; write a key or address such "
                f"as {min(addresses, default='ecs.cpu-high@web')}, or nothing for all alarms"
            )
        start, end = (_time(where, row[name], name, zone) for name in ("start", "end"))
        if end < start:
            raise IncidentFileError(f"{where}: it ends before it starts")
        answer = _ANSWERS[row["real"].lower()] if row["has_real"] else True
        unanswered += answer is None
        if answer:
            rows.append((row["alarm"], Incident(start, end, row["note"])))
    return Incidents(rows=tuple(rows), unanswered=unanswered)


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    header, rows = header_and_rows(path, read_text(path), lambda cells: set(cells) >= _NEEDED)
    names = set(header.cells)
    if not names >= _NEEDED or not names <= set(_COLUMNS) or len(names) < len(header.cells):
        strange = ", ".join(sorted(names - set(_COLUMNS)))
        raise IncidentFileError(
            f"{path}:{header.line}: the header is {','.join(header.cells) or 'missing'}"
            f"{f': no column {strange} is known' if strange and names >= _NEEDED else ''}; write "
            "start,end,note and, where they are needed, alarm and real"
        )
    for row in rows:
        cells = dict(zip(header.cells, row.cells, strict=True))
        yield (
            f"{path}:{row.line}",
            {name: cells.get(name, "") for name in _COLUMNS}
            | {"has_real": "yes" if "real" in names else ""},
        )


def _time(where: str, text: str, column: str, zone: tzinfo) -> int:
    try:
        return epoch_seconds(moment_of(text, zone))
    except ValueError:
        raise IncidentFileError(
            f"{where}: {column} {text!r} is no time; write ISO 8601, such as 2026-11-24T10:00:00Z"
        ) from None
