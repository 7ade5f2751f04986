"""What a stack's filters would have made of the latest lines of their log groups."""

import json
from collections.abc import Iterator, Sequence

from account.verify.model import FOUND, Answer, missing, note
from account.verify.planned import PlannedFilter, PlannedGroup
from ecs_monitoring.cloudwatch.log_pattern import matches, parse_pattern
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
    reading_json = [planned for planned in group.filters if _reads_json(planned)]
    objects = sum(map(_is_object, lines))
    if not reading_json or objects == len(lines):
        return FOUND
    latest = counted(len(lines), "line")
    if objects:
        return note(f"{objects} of its latest {latest} are JSON objects")
    if not _is_json(group):
        # The filter's own answer says it.
        return FOUND
    return missing(
        f"none of its latest {latest} is a JSON object, and {counted(len(reading_json), 'filter')} "
        "can match nothing else: write format: text, or see who else configures logging (Celery "
        "replaces the root logger's handlers)"
    )


def filter_answers(
    group: PlannedGroup, lines: Sequence[str]
) -> Iterator[tuple[PlannedFilter, Answer]]:
    """How many of the lines each filter would have matched.

    One that matches every line is no error's; one that reads JSON in a group of text, of which
    no line is JSON, can match nothing.
    """
    latest = counted(len(lines), "line")
    is_text = not _is_json(group)
    has_object = any(map(_is_object, lines))
    for planned in group.filters:
        pattern = parse_pattern(planned.pattern)
        hits = sum(matches(pattern, line) for line in lines)
        words = f"would have matched {hits} of the latest {latest}"
        # A few lines may well be errors all of them, such as those of a service that cannot start.
        if hits == len(lines) >= _ENOUGH:
            yield planned, missing(f"{words}: all of them")
        elif is_text and _reads_json(planned) and not has_object:
            yield (
                planned,
                missing(
                    f"{words}: it reads properties of JSON objects, and none of them is one; write "
                    "format: json if the application writes JSON, or a pattern of words"
                ),
            )
        else:
            yield planned, note(words)


_ENOUGH = 20
"""Lines below which it says nothing that all of them match. A choice."""


def _is_json(group: PlannedGroup) -> bool:
    """Whether a group is configured as one of JSON: most of its filters read that.

    In one of text a pattern of the stack's own may, and in one of JSON gunicorn's lines are text.
    """
    return 2 * sum(map(_reads_json, group.filters)) > len(group.filters)


def _reads_json(planned: PlannedFilter) -> bool:
    return isinstance(parse_pattern(planned.pattern), JsonPattern)


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
