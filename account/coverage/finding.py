"""One thing that the comparison of what runs with what is watched brought up."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.rule import Severity


class FindingKind(StrEnum):
    """The sorts of findings, those first in which trouble is seen by nobody."""

    UNWATCHED = "unwatched"
    MUTED = "muted"
    NO_DATA = "no-data"
    INSUFFICIENT_DATA = "insufficient-data"
    GONE = "gone"
    PARTLY_WATCHED = "partly-watched"
    WATCHED_BY_OTHERS = "watched-by-others"


class Gravity(StrEnum):
    """How much a finding matters, the gravest first."""

    HIGH = "high"
    """Trouble that somebody should be woken for would go unseen."""

    MEDIUM = "medium"
    """Something to put right."""

    INFO = "info"
    """Nothing to do; said so that nobody wonders."""

    @classmethod
    def of(cls, alarms: Iterable[LiveAlarm]) -> "Gravity":
        """How much it matters that some alarms do not do what they are there for."""
        is_critical = any(alarm.severity == Severity.CRITICAL for alarm in alarms)
        return cls.HIGH if is_critical else cls.MEDIUM


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One finding.

    Attributes:
        kind: what sort of thing.
        gravity: how much it matters.
        region: where.
        key: what it is about, the same in every review (``ecs:main/web``, an alarm's name).
        subject: what it is about, in words.
        words: what is the matter, as whole sentences.
        fix: what to do about it.
        settings: lines for ``Pulumi.<stack>.yaml``, indented to stand under ``config:``; empty
            where no settings help.
        alarms: addresses of the stack's alarms that are concerned; others' by name.
    """

    kind: FindingKind
    gravity: Gravity
    region: str
    key: str
    subject: str
    words: str
    fix: str
    settings: str = ""
    alarms: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The same in every review for as long as the finding stands."""
        return f"{self.kind}:{self.region}:{self.key}"

    @property
    def is_actionable(self) -> bool:
        """Whether there is something to do."""
        return self.gravity is not Gravity.INFO

    def as_json(self) -> dict[str, Any]:
        """The finding for scripts."""
        return {
            "id": self.id,
            "kind": self.kind.value,
            "gravity": self.gravity.value,
            "region": self.region,
            "subject": self.subject,
            "words": self.words,
            "fix": self.fix,
            "settings": self.settings,
            "alarms": list(self.alarms),
        }


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by gravity, then by kind, then by what they are about."""
    gravities, kinds = list(Gravity), list(FindingKind)
    return tuple(
        sorted(
            findings,
            key=lambda finding: (
                gravities.index(finding.gravity),
                kinds.index(finding.kind),
                finding.id,
            ),
        )
    )
