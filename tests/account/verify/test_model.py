"""Several answers to one question, as one."""

import itertools
from dataclasses import replace

import pytest

from account.verify.model import (
    FOUND,
    Answer,
    Standing,
    Verification,
    VerifiedAlarm,
    VerifiedThing,
    missing,
    note,
    unknown,
)

MISSING, UNKNOWN, NOTE = missing("no topic"), unknown("access denied"), note("throttled")


@pytest.mark.parametrize("answers", list(itertools.permutations([MISSING, UNKNOWN, NOTE, FOUND])))
def test_the_worst_verdict_counts_and_the_worst_is_said_first(answers: tuple[Answer, ...]) -> None:
    assert Answer.worst(answers) == missing("no topic; access denied; throttled")


@pytest.mark.parametrize(
    ("answers", "one"),
    [
        ([], FOUND),
        ([FOUND, FOUND], FOUND),
        ([FOUND, NOTE], NOTE),
        ([NOTE, UNKNOWN], unknown("access denied; throttled")),
        # What several say alike is said once.
        ([MISSING, NOTE, MISSING], missing("no topic; throttled")),
    ],
)
def test_several_answers_are_one(answers: list[Answer], one: Answer) -> None:
    assert Answer.worst(answers) == one


def test_an_answer_has_its_verdict() -> None:
    assert [answer.verdict for answer in (MISSING, UNKNOWN, NOTE, FOUND)] == list(Standing)


def verification(*, data: Answer, queue: Answer) -> Verification:
    alarm = VerifiedAlarm(
        address="rds.cpu-high@main",
        name="shop-prod-rds-main-cpu-high",
        region="eu-west-1",
        exists=FOUND,
        data=data,
        notified=NOTE,
        free=FOUND,
    )
    thing = VerifiedThing(what="queue q", region="eu-west-1", answer=queue)
    return Verification(account="123456789012", alarms=(alarm,), things=(thing,), notes=())


@pytest.mark.parametrize(
    ("data", "queue", "is_sure"),
    [
        (FOUND, FOUND, True),
        (NOTE, NOTE, True),
        (MISSING, FOUND, False),
        (FOUND, UNKNOWN, False),
    ],
)
def test_a_stack_is_sure_where_nothing_is_missing_or_unknown(
    data: Answer, queue: Answer, is_sure: bool
) -> None:
    found = verification(data=data, queue=queue)
    assert found.is_sure == is_sure
    assert not replace(found, notes=("the account could not be asked",)).is_sure
    assert found.answers == [FOUND, data, NOTE, FOUND, queue]
    assert sum(found.count(verdict) for verdict in Standing) == 5
    assert found.count(Standing.NOTE) == 1 + [data, queue].count(NOTE)


def test_each_answer_for_scripts() -> None:
    found = verification(data=MISSING, queue=UNKNOWN)
    (alarm,), (thing,) = found.alarms, found.things
    assert alarm.as_json() == {
        "address": "rds.cpu-high@main",
        "name": "shop-prod-rds-main-cpu-high",
        "region": "eu-west-1",
        "exists": {"verdict": "found", "words": ""},
        "data": {"verdict": "missing", "words": "no topic"},
        "notified": {"verdict": "note", "words": "throttled"},
        "free": {"verdict": "found", "words": ""},
    }
    assert thing.as_json() == {
        "what": "queue q",
        "region": "eu-west-1",
        "verdict": "unknown",
        "words": "access denied",
    }
