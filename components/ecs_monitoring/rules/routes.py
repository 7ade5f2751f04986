"""Which team is told of which alarm: patterns of addresses, the most exact of which wins."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, Self

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.rules.incidents import KIND as INCIDENT

_PART: Final = r"[A-Za-z0-9_*-]+"
_PATTERN: Final = re.compile(
    rf"(?=.)(?P<kind>{_PART})?(?:\.(?P<rule>{_PART}))?(?:@(?P<target>{_PART}(?:/{_PART})?))?"
)


class AmbiguousRouteError(ValueError):
    """Two teams have equally exact patterns for an alarm.

    Attributes:
        teams: both.
    """

    def __init__(self, address: str, first: tuple[str, str], second: tuple[str, str]) -> None:
        (team, pattern), (other, like) = first, second
        super().__init__(
            f"{address} belongs to {team} ({pattern}) as much as to {other} ({like}): write a more "
            f"exact one, such as {address}, for whoever is to be told"
        )
        self.teams = (team, other)


@dataclass(frozen=True)
class AlarmPattern:
    """Alarms by kind, key or target: ``rds``, ``ecs.cpu-high``, ``@payments``, ``logs.*@batch``.

    Attributes:
        text: as it is written.
        kind: the kind, ``*`` for any characters; empty for every kind.
        rule: the rule's name, in the same way.
        target: the target's name, with ``/<part>`` for a part of it, in the same way.
    """

    text: str
    kind: str
    rule: str
    target: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """A pattern as it is written.

        Raises:
            ValueError: it is none.
        """
        match = _PATTERN.fullmatch(text)
        if not match or (match["rule"] and not match["kind"]):
            raise ValueError(
                "names no alarms: write a kind (rds), a key (ecs.cpu-high), a target (@payments), "
                "or both (ecs.cpu-high@payments); * stands for any characters"
            )
        return cls(text, match["kind"] or "", match["rule"] or "", match["target"] or "")

    def matches(self, address: AlarmAddress) -> bool:
        """Whether an alarm is one of these.

        An incident is one by its address (``incident.rds@main``), and one of its target's kind.
        """
        if address.kind == INCIDENT and self.kind != INCIDENT:
            address = AlarmAddress(f"{address.rule}.{INCIDENT}@{address.watched}")
        watched = address.watched if "/" in self.target else address.target
        named = ((self.kind, address.kind), (self.rule, address.rule), (self.target, watched))
        return all(fnmatchcase(name, pattern) for pattern, name in named if pattern)

    @property
    def exactness(self) -> tuple[int, int, int, int]:
        """What says more about the target wins, then about the rule, then about the kind.

        Of each, a name wins over a pattern with ``*``, and that over nothing. A part of a target
        wins over the target.
        """
        return (
            int("/" in self.target),
            _exactness(self.target),
            _exactness(self.rule),
            _exactness(self.kind),
        )


def _exactness(part: str) -> int:
    return 0 if part in ("", "*") else 1 if "*" in part else 2


def team_of(routes: Mapping[str, Iterable[str]], address: AlarmAddress) -> str | None:
    """The team that is told of an alarm; ``None`` where no pattern matches it.

    Args:
        routes: team to the patterns of its alarms.
        address: the alarm's.

    Raises:
        AmbiguousRouteError: two teams have equally exact patterns for it.
        ValueError: a pattern that is none.
    """
    best: tuple[tuple[int, ...], str, str] | None = None
    rival: tuple[str, str] | None = None
    for team, patterns in routes.items():
        for text in patterns:
            pattern = AlarmPattern.parse(text)
            if not pattern.matches(address):
                continue
            if best is None or pattern.exactness > best[0]:
                best, rival = (pattern.exactness, team, text), None
            elif pattern.exactness == best[0] and team != best[1]:
                rival = (team, text)
    if best and rival:
        raise AmbiguousRouteError(address, best[1:], rival)
    return best[1] if best else None
