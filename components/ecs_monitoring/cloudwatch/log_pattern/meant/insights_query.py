"""Queries of CloudWatch Logs Insights: ``fields @timestamp | filter @message like /ERROR/``.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .condition import ConditionReader, Token, tokens_of
from .question import Question, UnreadableError, together

_COMMANDS: Final = "fields|filter|stats|sort|limit|display|parse|dedup"
_QUERY: Final = re.compile(
    rf"\|\s*(?:{_COMMANDS})\s|^(?:{_COMMANDS})\s.*(?:@\w|[=<>|]|\slike\s+[/\"']|\sin\s*\[)"
    r"|^@\w+\s*(?:not\s|like\s|in\s|[=!<>])|^stats\s+\w+\(|^filter\s+\w+\(",
    re.IGNORECASE | re.DOTALL,
)


def is_query(text: str) -> bool:
    """Whether a text reads as a query of Logs Insights."""
    return _QUERY.search(text) is not None


def asked_by_query(text: str) -> Question | None:
    """What a query's ``filter`` commands ask together; ``None`` where it is not understood."""
    try:
        commands = _commands(tokens_of(text))
        filters = [command[1:] for command in commands if command[0].text.lower() == "filter"]
        if not filters and len(commands) == 1 and commands[0][0].text.startswith("@"):
            filters = commands
        questions = [ConditionReader(tokens).read() for tokens in filters]
    except (UnreadableError, RecursionError):
        return None
    return together(questions) if questions else None


def _commands(tokens: Sequence[Token]) -> list[list[Token]]:
    commands: list[list[Token]] = [[]]
    for token in tokens:
        if token == Token("mark", "|"):
            commands.append([])
        else:
            commands[-1].append(token)
    return [command for command in commands if command]
