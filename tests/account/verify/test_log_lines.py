"""What filters would have made of lines, of the form that they read and of another one."""

import json

from account.verify.log_lines import filter_answers, group_answer
from account.verify.model import Standing
from account.verify.planned import PlannedFilter, PlannedGroup
from ecs_monitoring.cloudwatch.definition import MetricKey

JSON = '{ $.level = "ERROR" }'
TEXT = "?ERROR ?CRITICAL"
OBJECT = json.dumps({"level": "ERROR", "message": "no"})
LINE = "ERROR 2026-03-01 no"


def group(*patterns: str) -> PlannedGroup:
    metric = MetricKey(namespace="shop", name="errors")
    return PlannedGroup(
        name="/ecs/web",
        is_own=False,
        filters=tuple(PlannedFilter(name=p, metric=metric, pattern=p) for p in patterns),
    )


def answers(of: PlannedGroup, lines: list[str]) -> dict[str, tuple[Standing, str]]:
    return {
        planned.name: (answer.verdict, answer.words)
        for planned, answer in filter_answers(of, lines)
    }


def test_json_filters_on_lines_of_text_can_match_nothing() -> None:
    answer = group_answer(group(JSON, JSON), [LINE] * 3)
    assert answer.verdict is Standing.MISSING
    assert answer.words.startswith("none of its latest 3 lines is a JSON object, and 2 filters can")


def test_a_group_of_json_has_a_filter_of_text_among_its_own() -> None:
    """Gunicorn's own lines are text in every format."""
    answer = group_answer(group(JSON, JSON, TEXT), [LINE])
    assert answer.verdict is Standing.MISSING
    assert answers(group(JSON, JSON, TEXT), [LINE])[JSON][0] is Standing.NOTE


def test_one_json_filter_among_text_is_told_by_itself() -> None:
    """The group is text: to write ``format: text`` would change nothing."""
    mixed = group(TEXT, TEXT, JSON)
    assert group_answer(mixed, [LINE, "INFO yes"]).verdict is Standing.FOUND
    found = answers(mixed, [LINE, "INFO yes"])
    assert found[TEXT] == (Standing.NOTE, "would have matched 1 of the latest 2 lines")
    assert found[JSON] == (
        Standing.MISSING,
        "would have matched 0 of the latest 2 lines: it reads properties of JSON objects, and none "
        "of them is one; write format: json if the application writes JSON, or a pattern of words",
    )


def test_a_json_filter_among_text_that_has_some_json() -> None:
    mixed = group(TEXT, TEXT, JSON)
    assert answers(mixed, [LINE, OBJECT])[JSON] == (
        Standing.NOTE,
        "would have matched 1 of the latest 2 lines",
    )
    answer = group_answer(mixed, [LINE, OBJECT])
    assert (answer.verdict, answer.words) == (
        Standing.NOTE,
        "1 of its latest 2 lines are JSON objects",
    )


def test_text_filters_do_not_care() -> None:
    assert group_answer(group(TEXT), [OBJECT, LINE]).verdict is Standing.FOUND


def test_without_lines_nothing_is_known() -> None:
    assert group_answer(group(JSON), []).verdict is Standing.NOTE
