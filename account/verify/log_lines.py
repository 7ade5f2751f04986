"""What a stack's filters would have made of the latest lines of their log groups."""

import json
from collections.abc import Iterator, Sequence

from account.verify.model import FOUND, Answer, missing, note
from account.verify.planned import PlannedFilter, PlannedGroup
from ecs_monitoring.cloudwatch.log_pattern import LogPattern, matches, parse_pattern
from ecs_monitoring.cloudwatch.log_pattern.syntax import JsonPattern
from ecs_monitoring.words import counted


def group_answer(group: PlannedGroup, lines: Sequence[str]) -> Answer:
    """Whether the group's lines are such as its filters can read.

    Args:
        group: with its filters.
        lines: its latest.
    """
    if not lines:
        return note("it has no lines yet: whether the filters fit them is not known")
    reading_json = [one for one in group.filters if isinstance(_pattern(one), JsonPattern)]
    if not reading_json:
        return FOUND
    objects = sum(map(_is_object, lines))
    if not objects:
        return missing(
            f"none of its latest {counted(len(lines), 'line')} is a JSON object, and "
            f"{counted(len(reading_json), 'filter')} can match nothing else: write format: text, "
            "or see who else configures logging (Celery replaces the root logger's handlers)"
        )
    if objects < len(lines):
        return note(f"{objects} of its latest {counted(len(lines), 'line')} are JSON objects")
    return FOUND


def filter_answers(
    group: PlannedGroup, lines: Sequence[str]
) -> Iterator[tuple[PlannedFilter, Answer]]:
    """How many of the lines each filter would have matched.

    One that matches every line is no error's.
    """
    for one in group.filters:
        pattern = _pattern(one)
        hits = sum(matches(pattern, line) for line in lines)
        words = f"would have matched {hits} of the latest {counted(len(lines), 'line')}"
        yield one, missing(f"{words}: all of them") if _is_every(hits, lines) else note(words)


def _is_every(hits: int, lines: Sequence[str]) -> bool:
    # A few lines may well be errors all of them, such as those of a service that cannot start.
    return hits == len(lines) >= _ENOUGH


_ENOUGH = 20
"""Lines below which it says nothing that all of them match. A choice."""


def _pattern(one: PlannedFilter) -> LogPattern:
    return parse_pattern(one.pattern)


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
