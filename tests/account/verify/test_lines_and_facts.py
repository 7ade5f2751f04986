"""Lines of log groups, and facts that are looked up: whole answers."""

from typing import Any

import pytest

from account.account import Attempts
from account.coverage.inventory import Inventory
from account.verify.live_region import LiveRegion
from account.verify.log_lines import filter_answers, group_answer
from account.verify.model import (
    FOUND,
    Answer,
    Verification,
    VerifiedThing,
    missing,
    note,
    unknown,
)
from account.verify.planned import Planned, PlannedFilter, PlannedGroup
from account.verify.things import thing_answers
from ecs_monitoring.cloudwatch.definition import MetricKey
from tests.account.emulated import HOME, answering
from tests.account.recorded import ACCESS, Recorded, refused
from tests.account.recorded import Answer as Said

JSON, TEXT = '{ $.level = "ERROR" }', "ERROR"
OBJECT, LINE = '{"level": "ERROR"}', "INFO fine"
METRIC = MetricKey(namespace="shop", name="errors", dimensions=frozenset())


def group(*patterns: str, is_own: bool = False) -> PlannedGroup:
    filters = tuple(PlannedFilter(name=p, metric=METRIC, pattern=p) for p in patterns)
    return PlannedGroup(name="/ecs/web", is_own=is_own, filters=filters)


NO_LINES = note("it has no lines yet: whether the filters fit them is not known")


@pytest.mark.parametrize(
    ("of", "lines", "answer"),
    [
        (group(JSON), [], NO_LINES),
        (group(JSON), [OBJECT], FOUND),
        (group(TEXT), [LINE], FOUND),
        (group(JSON), [OBJECT, LINE, "5"], note("1 of its latest 3 lines are JSON objects")),
        # Half of the filters are no most.
        (group(JSON, TEXT), [LINE], FOUND),
        (
            group(JSON),
            ["[1]"],
            missing(
                "none of its latest 1 line is a JSON object, and 1 filter can match nothing else: "
                "write format: text, or see who else configures logging (Celery replaces the root "
                "logger's handlers)"
            ),
        ),
    ],
)
def test_the_lines_of_a_group(of: PlannedGroup, lines: list[str], answer: Answer) -> None:
    assert group_answer(of, lines) == answer


NEVER = (
    "would have matched 0 of the latest 1 line: it reads properties of JSON objects, and none of "
    "them is one; write format: json if the application writes JSON, or a pattern of words"
)


@pytest.mark.parametrize(
    ("patterns", "lines", "answers"),
    [
        (
            (TEXT,),
            ["ERROR"] * 20,
            [missing("would have matched 20 of the latest 20 lines: all of them")],
        ),
        ((TEXT,), ["ERROR"] * 19, [note("would have matched 19 of the latest 19 lines")]),
        (
            (TEXT,),
            [*["ERROR"] * 20, LINE],
            [note("would have matched 20 of the latest 21 lines")],
        ),
        (
            (JSON, TEXT),
            [LINE],
            [missing(NEVER), note("would have matched 0 of the latest 1 line")],
        ),
        # A group of JSON says it once for all of them.
        ((JSON,), [LINE], [note("would have matched 0 of the latest 1 line")]),
    ],
)
def test_what_filters_would_have_matched(
    patterns: tuple[str, ...], lines: list[str], answers: list[Answer]
) -> None:
    of = group(*patterns)
    assert list(filter_answers(of, lines)) == list(zip(of.filters, answers, strict=True))


IMPORT = "it exists: where this stack has not deployed it yet, import it first (docs/deploying.md)"
FILTER = f"filter {TEXT}"


@pytest.mark.parametrize(
    ("events", "is_own", "things"),
    [
        (
            [{"timestamp": 1, "message": "ERROR"}],
            False,
            [
                ("log group /ecs/web", FOUND),
                (FILTER, note("would have matched 1 of the latest 1 line")),
            ],
        ),
        (
            [{"timestamp": 1, "message": "ERROR"}],
            True,
            [
                ("log group /ecs/web", note(IMPORT)),
                (FILTER, note("would have matched 1 of the latest 1 line")),
            ],
        ),
        ([], False, [("log group /ecs/web", NO_LINES)]),
        (
            None,
            True,
            [
                (
                    "log group /ecs/web",
                    unknown(f"its lines could not be looked at; {IMPORT}"),
                )
            ],
        ),
    ],
    ids=["lines", "own", "no lines", "refused"],
)
def test_a_group_that_is_there(
    events: list[dict[str, Any]] | None, is_own: bool, things: list[tuple[str, Answer]]
) -> None:
    answers: dict[str, Said] = {
        "describe_log_streams": refused()
        if events is None
        else {"logStreams": [{"logStreamName": "s"}]},
        "get_log_events": {"events": events or []},
    }
    plan = Planned(region=HOME, groups=(group(TEXT, is_own=is_own),))
    live = LiveRegion(
        inventory=Inventory(),
        metrics=None,
        groups=frozenset({"/ecs/web"}),
        obstacles=(),
        taken=None,
    )
    attempts = Attempts(HOME)
    found = thing_answers(answering(), Recorded(**answers), plan, live, attempts)
    assert [(one.what, one.answer) for one in found] == things
    assert attempts.notes == (
        [f"{HOME}: the latest lines of log group /ecs/web could not be looked at: {ACCESS}"]
        if events is None
        else []
    )


def test_a_verification_for_scripts() -> None:
    thing = VerifiedThing(what="queue q", region="eu-west-1", answer=missing("no"))
    found = Verification(account="1", alarms=(), things=(thing, thing), notes=("n",))
    printed = {"what": "queue q", "region": "eu-west-1", "verdict": "missing", "words": "no"}
    assert found.as_json() == {
        "account": "1",
        "alarms": [],
        "things": [printed, printed],
        "counts": {"missing": 2, "unknown": 0, "note": 0, "found": 0},
        "notes": ["n"],
    }
