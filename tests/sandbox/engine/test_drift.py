"""What somebody changed by hand shows up in a refresh, and the next deployment puts it back."""

from typing import Any

import pytest

from sandbox.engine_deployer import EngineStack
from sandbox.outcome import Deployment, ResourceAction
from tests.sandbox.engine.small import ECS_ONLY

_REGION = "ap-northeast-1"
_PREFIX = "django-ecs-monitoring-prod-ecs-web-"
_ALARM = f"{_PREFIX}cpu-high"
_TOPIC = (
    "arn:aws:sns:ap-northeast-1:123456789012:django-app-alerts-django-ecs-monitoring-prod-critical"
)


@pytest.fixture
def prod(new_stack: Any) -> EngineStack:
    stack = new_stack("prod", *ECS_ONLY)
    stack.up()
    return stack  # type: ignore[no-any-return]


def _alarms(emulator: Any) -> dict[str, dict[str, Any]]:
    """Every alarm of the service with its tags, by the end of its name."""
    cloudwatch = emulator.client("cloudwatch", _REGION)
    return {
        alarm["AlarmName"].removeprefix(_PREFIX): {
            **{
                key: value
                for key, value in alarm.items()
                # What the emulator makes of an alarm's state is its own.
                if not key.startswith("State") and not key.endswith("Timestamp")
            },
            "Tags": {
                tag["Key"]: tag["Value"]
                for tag in cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
            },
        }
        for alarm in cloudwatch.describe_alarms(AlarmNamePrefix=_PREFIX)["MetricAlarms"]
    }


def _put(emulator: Any, name: str, **changes: Any) -> None:
    told = ("AlarmArn", "Metrics", "Tags")
    request = {k: v for k, v in _alarms(emulator)[name].items() if k not in told}
    emulator.client("cloudwatch", _REGION).put_metric_alarm(**{**request, **changes})


def _touched(outcome: Deployment) -> list[tuple[ResourceAction, str]]:
    changes = [(c.action, c.name) for c in outcome.changes if c.action is not ResourceAction.SAME]
    return sorted(changes, key=lambda change: change[1])


def test_alarms_edited_by_hand_are_found_by_a_refresh_and_put_back(
    prod: EngineStack, emulator: Any
) -> None:
    before = _alarms(emulator)
    cloudwatch = emulator.client("cloudwatch", _REGION)
    elsewhere = "arn:aws:sns:ap-northeast-1:123456789012:elsewhere"
    # A threshold raised and an action added; one switched off; one tagged otherwise.
    _put(emulator, "cpu-high", Threshold=99.0, OKActions=[elsewhere])
    cloudwatch.disable_alarm_actions(AlarmNames=[f"{_PREFIX}memory-high"])
    arn = before["tasks-low"]["AlarmArn"]
    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "Severity", "Value": "none"}])
    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "Extra", "Value": "1"}])
    edited = _alarms(emulator)
    assert all(edited[name] != before[name] for name in before)

    expected = [(ResourceAction.UPDATE, f"ecs.web-{name}") for name in sorted(before)]
    assert _touched(prod.refresh()) == expected
    assert _touched(prod.preview()) == expected
    assert _touched(prod.up()) == expected
    assert _alarms(emulator) == before
    assert prod.refresh().is_unchanged


def test_what_was_deleted_by_hand_comes_back(prod: EngineStack, emulator: Any) -> None:
    emulator.client("cloudwatch", _REGION).delete_alarms(AlarmNames=[_ALARM])
    emulator.client("cloudwatch", _REGION).delete_dashboards(
        DashboardNames=["Django-App-Overview-django-ecs-monitoring-prod"]
    )
    assert _touched(prod.refresh()) == [
        (ResourceAction.DELETE, "dashboard"),
        (ResourceAction.DELETE, "ecs.web-cpu-high"),
    ]
    assert _touched(prod.up()) == [
        (ResourceAction.CREATE, "dashboard"),
        (ResourceAction.CREATE, "ecs.web-cpu-high"),
    ]
    assert "cpu-high" in _alarms(emulator)


def test_a_topic_policy_changed_by_hand_is_put_back(prod: EngineStack, emulator: Any) -> None:
    sns = emulator.client("sns", _REGION)
    before = sns.get_topic_attributes(TopicArn=_TOPIC)["Attributes"]["Policy"]
    sns.set_topic_attributes(
        TopicArn=_TOPIC,
        AttributeName="Policy",
        AttributeValue='{"Version": "2012-10-17", "Statement": []}',
    )
    assert (ResourceAction.UPDATE, "alerts-critical") in _touched(prod.refresh())
    assert _touched(prod.up()) == [(ResourceAction.UPDATE, "alerts-critical")]
    assert sns.get_topic_attributes(TopicArn=_TOPIC)["Attributes"]["Policy"] == before
