"""What a step of a fetch brought, and what it could not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from history.day import BadFile
from history.wanted import WantedMetric


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Something that could not be fetched.

    Attributes:
        what: the metrics or alarms, in words.
        reason: why not.
    """

    what: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What one step brought into the archive.

    Attributes:
        days: files of metrics' days that were written.
        answered: each metric that was answered in full, and by how many records.
        changes: how many changes of alarms' states are new.
        failures: what could not be fetched.
        bad: damaged files that were found and set aside on the way.
    """

    days: int = 0
    answered: Mapping[WantedMetric, int] = field(default_factory=dict)
    changes: int = 0
    failures: tuple[Failure, ...] = ()
    bad: tuple[BadFile, ...] = ()
