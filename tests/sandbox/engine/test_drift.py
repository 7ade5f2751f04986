"""What somebody changed by hand shows up in a refresh, and the next deployment puts it back."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.engine_door import EngineStack
from sandbox.outcome import Action, Outcome
from tests.sandbox.engine.small import ECS_ONLY

_REGION = "ap-northeast-1"
_ALARM = "django-ecs-monitoring-prod-ecs-web-cpu-high"
_TOPIC = "arn:aws:sns:ap-northeast-1:123456789012:django-app-alerts-prod-critical"


@pytest.fixture
def prod(new_stack: Any) -> EngineStack:
    stack = new_stack("prod", *ECS_ONLY)
    stack.up()
    return stack  # type: ignore[no-any-return]


def _alarm(emulator: Any) -> dict[str, Any]:
    found = emulator.client("cloudwatch", _REGION).describe_alarms(AlarmNames=[_ALARM])
    alarm = found["MetricAlarms"][0]
    return {key: value for key, value in alarm.items() if not key.endswith("Timestamp")}


def _put(emulator: Any, **changes: Any) -> None:
    definition = _alarm(emulator)
    names = ("AlarmArn", "StateValue", "StateReason", "StateReasonData", "Metrics")
    request = {key: value for key, value in definition.items() if key not in names}
    emulator.client("cloudwatch", _REGION).put_metric_alarm(**{**request, **changes})


def _touched(outcome: Outcome) -> list[tuple[Action, str]]:
    return [(c.action, c.name) for c in outcome.changes if c.action is not Action.SAME]


def _raised(emulator: Any) -> None:
    _put(emulator, Threshold=99.0)


def _silenced(emulator: Any) -> None:
    emulator.client("cloudwatch", _REGION).disable_alarm_actions(AlarmNames=[_ALARM])


def _sent_elsewhere(emulator: Any) -> None:
    elsewhere = "arn:aws:sns:ap-northeast-1:123456789012:elsewhere"
    _put(emulator, OKActions=[elsewhere], InsufficientDataActions=[elsewhere])


def _retagged(emulator: Any) -> None:
    arn = _alarm(emulator)["AlarmArn"]
    cloudwatch = emulator.client("cloudwatch", _REGION)
    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "Severity", "Value": "none"}])
    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "Extra", "Value": "1"}])


@pytest.mark.parametrize("edit", [_raised, _silenced, _sent_elsewhere, _retagged])
def test_an_alarm_edited_by_hand_is_found_by_a_refresh_and_put_back(
    prod: EngineStack, emulator: Any, edit: Callable[[Any], None]
) -> None:
    before = _alarm(emulator)
    edit(emulator)
    assert _touched(prod.refresh()) == [(Action.UPDATE, "ecs.web-cpu-high")]
    assert _touched(prod.preview()) == [(Action.UPDATE, "ecs.web-cpu-high")]
    assert _touched(prod.up()) == [(Action.UPDATE, "ecs.web-cpu-high")]
    assert _alarm(emulator) == before
    tags = emulator.client("cloudwatch", _REGION).list_tags_for_resource(
        ResourceARN=before["AlarmArn"]
    )["Tags"]
    assert {"Key": "Severity", "Value": "warning"} in tags
    assert "Extra" not in {tag["Key"] for tag in tags}
    assert prod.refresh().is_unchanged


def test_what_was_deleted_by_hand_comes_back(prod: EngineStack, emulator: Any) -> None:
    emulator.client("cloudwatch", _REGION).delete_alarms(AlarmNames=[_ALARM])
    emulator.client("cloudwatch", _REGION).delete_dashboards(
        DashboardNames=["Django-App-Overview-prod"]
    )
    assert sorted(_touched(prod.refresh())) == [
        (Action.DELETE, "dashboard"),
        (Action.DELETE, "ecs.web-cpu-high"),
    ]
    assert sorted(_touched(prod.up())) == [
        (Action.CREATE, "dashboard"),
        (Action.CREATE, "ecs.web-cpu-high"),
    ]
    assert _alarm(emulator)


def test_a_topic_policy_changed_by_hand_is_put_back(prod: EngineStack, emulator: Any) -> None:
    sns = emulator.client("sns", _REGION)
    before = sns.get_topic_attributes(TopicArn=_TOPIC)["Attributes"]["Policy"]
    sns.set_topic_attributes(
        TopicArn=_TOPIC,
        AttributeName="Policy",
        AttributeValue='{"Version": "2012-10-17", "Statement": []}',
    )
    assert (Action.UPDATE, "alerts-critical") in _touched(prod.refresh())
    assert _touched(prod.up()) == [(Action.UPDATE, "alerts-critical")]
    assert sns.get_topic_attributes(TopicArn=_TOPIC)["Attributes"]["Policy"] == before
