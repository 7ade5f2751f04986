"""Tables of the project's own held against the service models that botocore ships."""

import re
from typing import Any, Final

import pytest
from pydantic import ValidationError

from ecs_monitoring.cloudwatch.log_pattern import MAX_PATTERN_LENGTH
from ecs_monitoring.rules.logs import LOGS
from stack.program import ProgramRun
from tests.cloudwatch.test_limits import LOGS as LOGS_API
from tests.cloudwatch.test_limits import model, prose
from tests.components.registered import DASHBOARD, KEY_ALIAS, QUEUE, ROLE, SCHEDULE, TOPIC
from tests.settings.refusal import refused, run_changed


def is_accepted(**fields: Any) -> bool:
    try:
        LOGS.target.model_validate({"group": "/ecs/shop", **fields})
    except ValidationError:
        return False
    return True


def test_days_of_retention_are_those_of_cloudwatch_logs() -> None:
    listed = re.search(
        r"Possible values are: ([\d, and]+)\.", model(LOGS_API)["shapes"]["Days"]["documentation"]
    )
    assert listed is not None
    days = [int(day) for day in re.findall(r"\d+", listed[1])]
    assert len(days) > 20
    assert [day for day in range(-1, 4000) if is_accepted(retention_days=day)] == days


def test_a_log_group_and_a_pattern_are_as_long_as_cloudwatch_logs_takes_them() -> None:
    shapes = model(LOGS_API)["shapes"]
    longest = shapes["LogGroupName"]["max"]
    assert is_accepted(group="g" * longest)
    assert not is_accepted(group="g" * (longest + 1))
    assert shapes["FilterPattern"]["max"] == MAX_PATTERN_LENGTH


def length(place: str, sentence: str) -> int:
    """The number in a sentence of a service model's prose."""
    found = re.search(sentence, prose(place))
    assert found is not None, place
    return int(found[1])


LONGEST: Final = {
    TOPIC: length("sns/2010-03-31#CreateTopicInput.Name", r"between 1 and (\d+) characters"),
    QUEUE: length("sqs/2012-11-05#CreateQueueRequest.QueueName", r"up to (\d+) characters"),
    DASHBOARD: length(
        "cloudwatch/2010-08-01#PutDashboardInput.DashboardName", r"maximum length is (\d+)"
    ),
    KEY_ALIAS: model("kms/2014-11-01")["shapes"]["AliasNameType"]["max"],
    ROLE: model("iam/2010-05-08")["shapes"]["roleNameType"]["max"],
    SCHEDULE: model("scheduler/2021-06-30")["shapes"]["Name"]["max"],
}


def names(run: ProgramRun, type_: str) -> list[str]:
    field = "dashboardName" if type_ == DASHBOARD else "name"
    return [found.inputs[field] for found in run.of_type(type_)]


@pytest.mark.slow
@pytest.mark.parametrize("length", [1, 100, 128])
def test_physical_names_are_no_longer_than_aws_takes(length: int) -> None:
    run = run_changed(
        f"alerts.topic_name={'t' * length}",
        "alerts.encryption=true",
        "review.reminder=true",
        "alerts.emails.warning=[team@example.com]",
    )
    for type_, longest in LONGEST.items():
        found = names(run, type_)
        assert found, type_
        assert [name for name in found if len(name) > longest] == []
        assert len(set(found)) == len({name[:longest] for name in found})


def test_a_longer_topic_name_is_refused() -> None:
    assert "up to 128" in str(refused(f"alerts.topic_name={'t' * 129}"))
