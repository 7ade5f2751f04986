"""Whether everything else that is planned would work: log groups, filters, dashboards, queues."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from account.account import AWS_ERRORS, Attempts, Region, error_code
from account.coverage.logs_reader import read_latest_lines
from account.verify.live_region import NOT_LOOKED_AT, LiveRegion
from account.verify.log_lines import filter_answers, group_answer
from account.verify.model import FOUND, Answer, VerifiedThing, missing, note, unknown
from account.verify.planned import Planned, PlannedGroup


def thing_answers(
    region: Region, logs: Any, plan: Planned, live: LiveRegion, attempts: Attempts
) -> Iterator[VerifiedThing]:
    """What a region says to what is planned there besides alarms.

    Args:
        region: the region's clients.
        logs: the region's client of CloudWatch Logs.
        plan: what a stack would have there.
        live: what is there.
        attempts: keeps what could not be looked at.
    """

    def thing(what: str, answer: Answer) -> VerifiedThing:
        return VerifiedThing(what=what, region=plan.region, answer=answer)

    for group in plan.groups:
        lines = None
        answer = live.group(group)
        if live.groups is not None and group.name in live.groups:
            lines = read_latest_lines(logs, group.name, attempts)
            answer = _of_lines(group, lines)
        yield thing(f"log group {group.name}", answer)
        for planned, matched in filter_answers(group, lines or ()) if lines else ():
            yield thing(f"filter {planned.name}", matched)
    for name, body in plan.dashboards.items():
        yield thing(f"dashboard {name}", _dashboard(region, name, body, attempts))
    for arn in plan.queues:
        yield thing(f"queue {arn}", _queue(region, arn, attempts))


def _of_lines(group: PlannedGroup, lines: Sequence[str] | None) -> Answer:
    answer = unknown(f"its lines {NOT_LOOKED_AT}") if lines is None else group_answer(group, lines)
    if not group.is_own:
        return answer
    there = note(
        "it exists: where this stack has not deployed it yet, import it first (docs/deploying.md)"
    )
    return Answer.worst((answer, there))


def _dashboard(region: Region, name: str, body: str, attempts: Attempts) -> Answer:
    """Whether a dashboard of the name is somebody else's.

    A dashboard says nowhere whose it is, so that its widgets have to: one that shares no title
    with what would be deployed was not made by this stack.
    """
    there = _asked(
        attempts,
        f"dashboard {name}",
        lambda: region.cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"],
        gone=("ResourceNotFound", "DashboardNotFoundError"),
    )
    if there is None:
        return unknown(f"it {NOT_LOOKED_AT}")
    if not there or _titles(there) & _titles(body):
        return FOUND
    return missing("one of that name is there, has other widgets, and would be overwritten")


def _titles(body: str) -> set[str]:
    try:
        widgets = json.loads(body).get("widgets", ())
    except ValueError:
        return set()
    titles = (widget.get("properties", {}).get("title") for widget in widgets)
    return {str(title) for title in titles if title}


def _queue(region: Region, arn: str, attempts: Attempts) -> Answer:
    _, _, _, of_region, owner, name = arn.split(":", 5)
    if of_region != region.name:
        return note(f"it is in {of_region}, and was not looked at")
    there = _asked(
        attempts,
        f"queue {name}",
        lambda: region.sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=owner)["QueueUrl"],
        gone=("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"),
    )
    if there is None:
        return unknown(f"it {NOT_LOOKED_AT}")
    return FOUND if there else missing("there is no such queue")


def _asked(
    attempts: Attempts, what: str, ask: Callable[[], str], *, gone: Sequence[str]
) -> str | None:
    """What AWS answers; empty where there is no such thing, ``None`` where it does not tell."""

    def asking() -> str:
        try:
            return ask()
        except AWS_ERRORS as error:
            if error_code(error) in gone:
                return ""
            raise

    return attempts.of(what, asking)
