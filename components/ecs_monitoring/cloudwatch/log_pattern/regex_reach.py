"""Which texts a regular expression of a filter pattern can match, without trying any line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .regex import FLAGS
from .syntax import Anchor, Atom, Branch, Regex

LONGEST_EVENT = 1024 * 1024
"""Bytes that a log event has at most.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
"""

# Expressions are ASCII, so that to all other characters they are alike. Letters come first.
_CHARACTERS = sorted(map(chr, range(128)), key=lambda c: (not c.isalnum(), not c.isprintable(), c))
_ALPHABET = (*_CHARACTERS, "é")


def texts(regex: Regex) -> Iterator[str]:
    """Texts that an expression matches: one for each alternative that any text matches.

    The text is only empty where an alternative matches no other one.
    """
    for branch in regex.branches:
        text = _text(branch)
        if text is not None:
            yield text


def can_span(regex: Regex, first: str, last: str) -> bool:
    """Whether an expression may match a text that begins and ends with certain characters.

    Args:
        regex: the expression.
        first: what the text's first character may be.
        last: what its last one may be.
    """
    return any(
        _may_stand(branch, "^", first) and _may_stand(branch[::-1], "$", last)
        for branch in regex.branches
    )


def _may_stand(branch: Branch, anchor: Anchor, characters: str) -> bool:
    """Whether what stands at an anchor may be one of some characters."""
    if branch[0] != anchor or len(branch) == 1:
        return True
    beside = branch[1]
    if isinstance(beside, str) or not beside.least:
        return True
    pattern = re.compile(beside.character, FLAGS)
    return any(map(pattern.fullmatch, characters))


def _text(branch: Branch) -> str | None:
    """A text that an alternative matches; ``None`` where there is none.

    Before the last ``^`` and after the first ``$`` there can be no character.
    """
    first, last = _room(branch)
    characters: list[str] = []
    length = 0
    for place, part in enumerate(branch):
        if not isinstance(part, Atom):
            continue
        character = _character(part.character)
        times = part.least if not first <= place < last else max(part.least, 1)
        if part.most == 0 or (character is None and not part.least):
            times = 0
        if times and (character is None or not first <= place < last):
            return None
        length += times
        if length > LONGEST_EVENT:
            return None
        characters.append((character or "") * times)
    text = "".join(characters)
    is_whole = "^" in branch and "$" in branch
    return text or ("" if is_whole else "~")


def _room(branch: Branch) -> tuple[int, int]:
    """The places from and before which characters can stand."""
    starts = [place for place, part in enumerate(branch) if part == "^"]
    ends = [place for place, part in enumerate(branch) if part == "$"]
    return max(starts, default=-1) + 1, min(ends, default=len(branch))


@lru_cache(maxsize=256)
def _character(source: str) -> str | None:
    """A character that ``source`` matches."""
    pattern = re.compile(source, FLAGS)
    return next((c for c in _ALPHABET if pattern.fullmatch(c)), None)
