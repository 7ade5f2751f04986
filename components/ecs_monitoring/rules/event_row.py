"""An event as one row: everything about it, from what it matches to where that is documented."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.eventbridge.transformer import InputTransformer
from ecs_monitoring.rules.target import Target

T = TypeVar("T", bound=Target)

# What chats show of a message that is no AWS event as it came; anything else is dropped.
# https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
_CHAT_VERSION = "1.0"
_CHAT_SOURCE = "custom"
_CHAT_TEXT = "client-markdown"


Affected = Mapping[str, tuple[Any, ...]]
"""Which events are about one target: the path of a field within the event, such as
``detail.group``, to the filters of which it meets one; where there are several, all of them.
"""


@dataclass(frozen=True, kw_only=True)
class EventRow(Generic[T]):
    """Something that AWS tells of once, when it happens, and that no metric shows.

    Attributes:
        key: ``<section>.<event>``, for example ``ecs.deployment-failed``.
        severity: decides the topic. A warning: users do not notice an event as such, and what they
            notice has an alarm.
        title: a few words, for people.
        source: the service that sends it, such as ``aws.ecs``.
        detail_types: the ``detail-type`` that it has, or one of several.
        detail: what its ``detail`` must have, whatever the target.
        affected: which of the events are about a target.
        unless: when a target does not have it, each with the reason.
        about: path of the name of what it happened to; plain text without quotes.
        words: path of AWS's own sentence about it, which every such event has; empty for none.
        means: a sentence that says what it means and where to look first.
        only_sent: what AWS sends it depend on; empty for nothing.
        documented: where AWS documents it.
    """

    key: str
    severity: Severity = Severity.WARNING
    title: str
    source: str
    detail_types: tuple[str, ...]
    detail: Mapping[str, Any] = field(default_factory=dict)
    affected: Callable[[T], Affected]
    unless: Mapping[Callable[[T], bool], str] = field(default_factory=dict)
    about: str
    words: str = ""
    means: str
    only_sent: str = ""
    documented: str

    @property
    def section(self) -> str:
        """The section of the settings that turns it off, such as ``ecs``."""
        return self.key.partition(".")[0]

    @property
    def name(self) -> str:
        """The key without its section."""
        return self.key.partition(".")[2]

    def why_not(self, target: T) -> str:
        """Why a target does not have it; empty where it does."""
        reasons = (
            why.format(**dict(target)) for holds, why in self.unless.items() if holds(target)
        )
        return next(reasons, "")

    def pattern(self, targets: list[T]) -> dict[str, Any]:
        """What a rule takes: the events of any of some targets, which differ in the same fields."""
        base: dict[str, Any] = {"source": [self.source], "detail-type": list(self.detail_types)}
        if self.detail:
            base["detail"] = json.loads(json.dumps(dict(self.detail)))
        alternatives = [self.affected(target) for target in targets]
        paths = list(alternatives[0])
        if len(paths) == 1:
            values = [value for fields in alternatives for value in fields[paths[0]]]
            _put(base, paths[0], _unique(values))
        elif len(alternatives) == 1:
            for path, filters in alternatives[0].items():
                _put(base, path, list(filters))
        else:
            base["$or"] = [_alternative(fields) for fields in alternatives]
        return base

    def transformer(self, *, stack: str, severity: Severity, runbook: str) -> InputTransformer:
        """What makes a message of the event that people can read, in a mail and in a chat.

        Args:
            stack: whose event it is, as ``<project>/<stack>``.
            severity: as the stack wants it.
            runbook: link to what to do; empty for none.
        """
        paths = {
            "about": self.about,
            "resource": "$.resources[0]",
            "time": "$.time",
            "region": "$.region",
            "account": "$.account",
        }
        message = {
            "version": _CHAT_VERSION,
            "source": _CHAT_SOURCE,
            "content": {
                "textType": _CHAT_TEXT,
                "title": f"{self.title}: <about>",
                "description": "<words>" if self.words else self.means,
                "nextSteps": [
                    *([self.means] if self.words else []),
                    *([f"Runbook: {runbook}"] if runbook else []),
                ],
                "keywords": [stack, severity.value],
            },
            "metadata": {
                "threadId": f"{self.key}@<about>",
                "summary": f"{self.title}: <about>",
                "eventType": self.key,
                "relatedResources": ["<resource>"],
                "additionalContext": {
                    "Time": "<time>",
                    "Region": "<region>",
                    "Account": "<account>",
                },
            },
        }
        template = json.dumps(message, separators=(",", ":"), ensure_ascii=False)
        if self.words:
            # In the place of the whole value, since a sentence may have quotes of its own.
            paths["words"] = self.words
            template = template.replace('"<words>"', "<words>")
        return InputTransformer(paths, template)


def _alternative(fields: Mapping[str, tuple[Any, ...]]) -> dict[str, Any]:
    pattern: dict[str, Any] = {}
    for path, filters in fields.items():
        _put(pattern, path, list(filters))
    return pattern


def _put(pattern: dict[str, Any], path: str, filters: list[Any]) -> None:
    """Ask for values of a field, which the pattern does not ask for yet."""
    *outer, name = path.split(".")
    for step in outer:
        pattern = pattern.setdefault(step, {})
    pattern[name] = filters


def _unique(values: list[Any]) -> list[Any]:
    return [value for place, value in enumerate(values) if value not in values[:place]]
