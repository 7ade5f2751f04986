"""Hundreds of alarms: AWS is asked once for many, and a run goes on where another was stopped."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from account.account import Region
from account.reading import read_alarms
from account.tags import MANY
from history.archive import Archive
from history.retry import Retry
from tests.history.conftest import Run
from tests.history.recorded import HOME, NOW, RecordedCloudWatch, key, metric_alarm, refusal
from tests.history.recorded import state_update as update

PREFIX = "django-ecs-monitoring-prod-"


def many(count: int, **changes: Any) -> RecordedCloudWatch:
    """Alarms on one metric, of which each changed twice, and one of another stack that did too."""
    alarms = [metric_alarm(f"ecs.cpu@web{number}", key()) for number in range(count)]
    first = datetime.fromtimestamp(NOW, UTC).replace(tzinfo=None) - timedelta(days=2)
    names = [*(alarm["AlarmName"] for alarm in alarms), "other-stack-cpu"]
    pasts = {
        name: [
            update(name, str(first + timedelta(minutes=at)), "OK", "ALARM"),
            update(name, str(first + timedelta(minutes=at + 3)), "ALARM", "OK"),
        ]
        for at, name in enumerate(names)
    }
    return RecordedCloudWatch(alarms=alarms, pasts=pasts, **({"past_page": 100} | changes))


class Tagging:
    """The Resource Groups Tagging API over the alarms of a recorded CloudWatch."""

    def __init__(self, cloudwatch: RecordedCloudWatch, known: int | None = None) -> None:
        self._cloudwatch = cloudwatch
        self._known = known
        self.pages = 0

    def get_paginator(self, operation: str) -> Any:
        assert operation == "get_resources"
        return self

    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
        assert request["ResourceTypeFilters"] == ["cloudwatch:alarm"]
        assert request["TagFilters"] == [{"Key": "AlarmKey"}]
        arns = [alarm["AlarmArn"] for alarm in self._cloudwatch.alarms][: self._known]
        for first in range(0, len(arns), request["ResourcesPerPage"]):
            self.pages += 1
            some = arns[first : first + request["ResourcesPerPage"]]
            tags = [self._cloudwatch.list_tags_for_resource(ResourceARN=arn) for arn in some]
            yield {
                "ResourceTagMappingList": [
                    {"ResourceARN": arn, **of} for arn, of in zip(some, tags, strict=True)
                ]
            }


class Refusing(Tagging):
    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
        raise refusal("AccessDeniedException", 400, "GetResources")


def region(cloudwatch: RecordedCloudWatch, tagging: Any) -> Region:
    return Region(
        name=HOME,
        caller=SimpleNamespace(account="1"),  # type: ignore[arg-type]
        command_line=None,  # type: ignore[arg-type]
        cloudwatch=cloudwatch,
        sns=None,
        sqs=None,
        kms=None,
        tagging=tagging,
    )


def test_tags_of_many_alarms_are_a_request_a_hundred() -> None:
    cloudwatch = many(250)
    tagging = Tagging(cloudwatch)
    found = read_alarms(region(cloudwatch, tagging), PREFIX)
    assert len(found.alarms) == 250
    assert {alarm.address.key for alarm in found.alarms} == {"ecs.cpu"}
    assert tagging.pages == 3


@pytest.mark.parametrize(
    ("make", "singly"),
    [
        # The last five are so new that the answer does not have them yet.
        (lambda cloudwatch: Tagging(cloudwatch, 45), 5 + 45),
        (Refusing, 50),
        (lambda _: None, 50),
    ],
)
def test_what_is_not_told_together_is_asked_for_singly(
    make: Callable[[RecordedCloudWatch], Any], singly: int
) -> None:
    cloudwatch = many(50)
    found = read_alarms(region(cloudwatch, make(cloudwatch)), PREFIX)
    assert len(found.alarms) == 50
    assert len(cloudwatch.tag_requests) == singly


def test_few_alarms_need_no_further_permission() -> None:
    cloudwatch = many(MANY)
    tagging = Tagging(cloudwatch)
    read_alarms(region(cloudwatch, tagging), PREFIX)
    assert (tagging.pages, len(cloudwatch.tag_requests)) == (0, MANY)


def changes(archive: Archive) -> list[int]:
    return [len(archive.alarm_history(alarm)[0]) for alarm in archive.alarms()]


@pytest.mark.slow
def test_the_pasts_of_many_alarms_are_one_stream(run: Run, archive: Archive) -> None:
    cloudwatch = many(300)
    ran = run("fetch", "--days", "1", "--json", cloudwatch=cloudwatch)
    assert ran.code == 0
    # 602 changes with those of the other stack, a hundred a request.
    assert len(cloudwatch.past_requests) == 7
    assert ran.json["state_changes"] == 600
    assert ran.json["requests_at_most"] == 601
    assert changes(archive) == [2] * 300
    again = many(300)
    ran = run("fetch", "--days", "1", "--json", cloudwatch=again)
    # From an hour before the last change on.
    assert "StartDate" in again.past_requests[0]
    assert len(again.past_requests) == 2
    assert ran.json["state_changes"] == 0


def test_an_alarm_that_was_never_asked_for_is_asked_for_from_the_beginning(
    run: Run, archive: Archive
) -> None:
    run("fetch", "--days", "1", cloudwatch=many(20))
    more = many(21)
    run("fetch", "--days", "1", cloudwatch=more)
    assert "StartDate" not in more.past_requests[0]
    assert changes(archive) == [2] * 21


def test_a_run_goes_on_where_another_one_was_throttled(run: Run, archive: Archive) -> None:
    def throttle(number: int) -> None:
        if number > 3:
            raise refusal("Throttling", 400, "DescribeAlarmHistory")

    retry = Retry(attempts=2, sleep=lambda _: None)
    stopped = many(100, before_past=throttle, past_page=10)
    ran = run("fetch", "--days", "1", "--json", cloudwatch=stopped, retry=retry)
    assert ran.code == 1
    assert "2 attempts failed" in ran.json["not_fetched"][0]["reason"]
    assert ran.json["state_changes"] == 30
    ran = run("fetch", "--days", "1", "--json", cloudwatch=many(100))
    assert ran.json["state_changes"] == 170
    assert changes(archive) == [2] * 100


def test_an_account_with_too_many_others_is_asked_alarm_by_alarm(
    run: Run, archive: Archive
) -> None:
    # More pages than there are alarms: 20 of them are given up, then one or two an alarm.
    cloudwatch = many(20, past_page=1)
    ran = run("fetch", "--days", "1", "--json", cloudwatch=cloudwatch)
    assert ran.code == 0
    assert len([one for one in cloudwatch.past_requests if "AlarmName" not in one]) == 20
    assert changes(archive) == [2] * 20


def test_where_aws_refuses_all_at_once_each_alarm_is_asked_for(run: Run, archive: Archive) -> None:
    def refuse(number: int) -> None:
        if number == 1:
            raise refusal("AccessDenied", 403, "DescribeAlarmHistory")

    cloudwatch = many(MANY + 1, before_past=refuse)
    ran = run("fetch", "--days", "1", "--json", cloudwatch=cloudwatch)
    assert ran.code == 0
    # The one that was refused, then one an alarm.
    assert len(cloudwatch.past_requests) == 1 + MANY + 1
    assert all("AlarmName" in request for request in cloudwatch.past_requests[1:])
    assert changes(archive) == [2] * (MANY + 1)


def test_changes_that_are_all_kept_are_asked_for_from_an_hour_before_the_last_one(
    run: Run, archive: Archive
) -> None:
    run("fetch", "--days", "1", cloudwatch=many(MANY + 1))
    again = many(MANY + 1)
    run("fetch", "--days", "1", cloudwatch=again)
    # Two days ago, and a minute later for each alarm; the last change is the other stack's.
    last = datetime.fromtimestamp(NOW, UTC) + timedelta(days=-2, minutes=MANY + 1 + 3)
    assert again.past_requests[0]["StartDate"] == last - timedelta(hours=1)
