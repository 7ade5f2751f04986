"""What is said of planned log groups, dashboards and queues, by what AWS answers."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from account.account import Attempts
from account.coverage.inventory import Inventory
from account.verify.live_region import LiveRegion
from account.verify.model import FOUND, Answer, missing, note, unknown
from account.verify.planned import Planned, PlannedGroup
from account.verify.things import thing_answers
from stack.placeholder_aws import ACCOUNT
from tests.account.emulated import HOME, answering, refusing

BODY = json.dumps({"widgets": [{"properties": {"title": "CPU"}}, {"properties": {}}]})
OTHERS = json.dumps({"widgets": [{"properties": {"title": "Sales"}}]})
QUEUE = f"arn:aws:sqs:{HOME}:{ACCOUNT}:pager"


def returning(value: dict[str, str], wanted: dict[str, str]) -> Callable[..., Any]:
    def answer(**call: str) -> dict[str, str]:
        assert call == wanted
        return value

    return answer


def dashboard(body: str) -> Callable[..., Any]:
    return returning({"DashboardBody": body}, {"DashboardName": "shop"})


def said(
    plan: Planned,
    *,
    groups: frozenset[str] | None = frozenset(),
    **methods: Callable[..., Any],
) -> tuple[dict[str, Answer], list[str]]:
    """The answer to each thing, and what could not be looked at."""
    live = LiveRegion(inventory=Inventory(), metrics=None, groups=groups, obstacles=(), taken=None)
    attempts = Attempts(HOME)
    things = list(thing_answers(answering(**methods), object(), plan, live, attempts))
    assert {thing.region for thing in things} == {HOME}
    return {thing.what: thing.answer for thing in things}, attempts.notes


@pytest.mark.parametrize(
    ("groups", "is_own", "answer"),
    [
        (frozenset(), False, missing("there is no log group /ecs/web")),
        (frozenset(), True, note("log group /ecs/web will be made")),
        (None, False, unknown("log group /ecs/web could not be looked at")),
    ],
    ids=["of others", "own", "refused"],
)
def test_log_groups(groups: frozenset[str] | None, is_own: bool, answer: Answer) -> None:
    group = PlannedGroup(name="/ecs/web", is_own=is_own, filters=())
    assert said(Planned(region=HOME, groups=(group,)), groups=groups) == (
        {"log group /ecs/web": answer},
        [],
    )


@pytest.mark.parametrize(
    ("there", "answer"),
    [
        (dashboard(BODY), FOUND),
        (refusing("ResourceNotFound"), FOUND),
        (refusing("DashboardNotFoundError"), FOUND),
        *(
            (
                dashboard(body),
                missing("one of that name is there, has other widgets, and would be overwritten"),
            )
            for body in (OTHERS, "no JSON")
        ),
        (refusing("AccessDenied"), unknown("it could not be looked at")),
    ],
    ids=["own", "none", "none, as others say it", "of others", "no JSON", "refused"],
)
def test_dashboards(there: Callable[..., Any], answer: Answer) -> None:
    things, notes = said(Planned(region=HOME, dashboards={"shop": BODY}), get_dashboard=there)
    assert things == {"dashboard shop": answer}
    assert [text.split(":")[:2] for text in notes] == (
        [[HOME, " dashboard shop could not be looked at"]] if answer.words[:2] == "it" else []
    )


@pytest.mark.parametrize(
    ("there", "answer"),
    [
        (
            returning(
                {"QueueUrl": "https://sqs/pager"},
                {"QueueName": "pager", "QueueOwnerAWSAccountId": ACCOUNT},
            ),
            FOUND,
        ),
        (refusing("AWS.SimpleQueueService.NonExistentQueue"), missing("there is no such queue")),
        (refusing("QueueDoesNotExist"), missing("there is no such queue")),
        (refusing("AccessDenied"), unknown("it could not be looked at")),
    ],
    ids=["there", "none", "none, as others say it", "refused"],
)
def test_queues(there: Callable[..., Any], answer: Answer) -> None:
    things, notes = said(Planned(region=HOME, queues=(QUEUE,)), get_queue_url=there)
    assert things == {f"queue {QUEUE}": answer}
    assert [text.split(":")[:2] for text in notes] == (
        [[HOME, " queue pager could not be looked at"]] if answer.words[:2] == "it" else []
    )


def test_a_queue_elsewhere_is_not_asked_for() -> None:
    elsewhere = f"arn:aws:sqs:us-east-1:{ACCOUNT}:pager"
    assert said(Planned(region=HOME, queues=(elsewhere,))) == (
        {f"queue {elsewhere}": note("it is in us-east-1, and was not looked at")},
        [],
    )
