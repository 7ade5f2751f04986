"""Composite alarms as composite monitors: ``a && !b`` over the monitors' ids.

https://docs.datadoghq.com/monitors/types/composite/
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.composite_rule import (
    AllOf,
    AnyOf,
    CompositeRule,
    Condition,
    InState,
    Not,
    name_of,
)
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from exports.result import NotCarriedError

# "up to 10 individual monitors", which are no composites themselves.
_MOST_MONITORS: Final = 10


@dataclass(frozen=True)
class CompositeQuery:
    """A composite monitor's query.

    Attributes:
        text: over what stands for the ids.
        without: names of alarms that would have set it off, too, and have no monitor.
    """

    text: str
    without: tuple[str, ...]


def composite_query(
    text: str, ids: Mapping[str, str], conditions: Mapping[str, str]
) -> CompositeQuery:
    """A rule expression as a composite monitor's query.

    A composite alarm in it is written out, since a composite monitor takes no other. An alarm
    without a monitor is left out where it is one of several of which any is enough.

    Args:
        text: the expression, over names of alarms.
        ids: name of each alarm that has a monitor, to what stands for the monitor's id.
        conditions: name of each composite alarm to its expression.

    Raises:
        NotCarriedError: it rests on an alarm without a monitor, or on what has no like there.
    """
    writer = _Writer(ids, conditions)
    written = writer.written(_parsed(text))
    if written is None:
        raise NotCarriedError(
            f"it rests on alarms that have no monitor: {', '.join(dict.fromkeys(writer.without))}"
        )
    if len(writer.used) > _MOST_MONITORS:
        raise NotCarriedError(
            f"it rests on {len(writer.used)} alarms, and a composite monitor on "
            f"{_MOST_MONITORS} at most"
        )
    return CompositeQuery(written, tuple(dict.fromkeys(writer.without)))


def _parsed(text: str) -> Condition:
    try:
        return CompositeRule.parse(text).condition
    except CannotEvaluateError as error:
        raise NotCarriedError(f"its rule cannot be read: {error}") from None


class _Writer:
    def __init__(self, ids: Mapping[str, str], conditions: Mapping[str, str]) -> None:
        self._ids = ids
        self._conditions = conditions
        self.used: set[str] = set()
        self.without: list[str] = []

    def written(self, condition: Condition) -> str | None:
        """A condition; nothing where it can never hold without an alarm that has no monitor."""
        match condition:
            case InState(AlarmState.ALARM, alarm):
                return self._alarm(name_of(alarm))
            case Not(inner):
                text = self._whole(inner, nothing_missing=True)
                return f"!{text}" if text in self._ids.values() else f"!({text})"
            case AllOf(conditions):
                return " && ".join(_bracketed(self._whole(part), part) for part in conditions)
            case AnyOf(conditions):
                texts = [(self.written(part), part) for part in conditions]
                return " || ".join(_bracketed(text, part) for text, part in texts if text) or None
        raise NotCarriedError(
            "its rule asks for more than which alarms are on, and a composite monitor does not"
        )

    def _whole(self, condition: Condition, *, nothing_missing: bool = False) -> str:
        """A condition that others rest on.

        Args:
            condition: the condition.
            nothing_missing: whether it would be another one without one of its alarms: what must
                not hold would hold less often, and more would notify.
        """
        before = len(self.without)
        text = self.written(condition)
        if text is None or (nothing_missing and len(self.without) > before):
            gone = ", ".join(dict.fromkeys(self.without[before:]))
            raise NotCarriedError(f"it rests on alarms that have no monitor: {gone}")
        return text

    def _alarm(self, name: str) -> str | None:
        if name in self._ids:
            self.used.add(name)
            return self._ids[name]
        if name in self._conditions:
            inner = self.written(_parsed(self._conditions[name]))
            return f"({inner})" if inner else None
        self.without.append(name)
        return None


def _bracketed(text: str, condition: Condition) -> str:
    is_joined = isinstance(condition, AllOf | AnyOf)
    return f"({text})" if is_joined and not _is_bracketed(text) else text


def _is_bracketed(text: str) -> bool:
    """Whether a text is one pair of brackets and what is in it."""
    depths = accumulate((mark == "(") - (mark == ")") for mark in text)
    return text.startswith("(") and list(depths).index(0) == len(text) - 1
