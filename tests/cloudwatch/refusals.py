"""What is said against log patterns."""

from collections.abc import Callable

import pytest

from ecs_monitoring.cloudwatch.log_pattern import LogPatternError, useful_pattern


def refusal(pattern: str, read: Callable[[str], object] = useful_pattern) -> str:
    """What is said against a pattern that is refused."""
    with pytest.raises(LogPatternError) as raised:
        read(pattern)
    return str(raised.value)


def said_of(pattern: str) -> str:
    """What is said against a pattern; empty where it is taken."""
    try:
        useful_pattern(pattern)
    except LogPatternError as error:
        return str(error)
    return ""


def joined(word: str) -> str:
    """What is said of a word that joins others in other languages."""
    return f"{word} is no operator between words: it would be looked for in the log as a word"
