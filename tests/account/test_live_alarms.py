"""Alarms as AWS describes them, the composite alarms above them, and whom they tell."""

from typing import Any

import pytest

from account.alarms import LiveAlarm, NoSuchAlarmError, belongs, chosen, is_topic
from account.composites import Composites, children_of
from account.topics import Subscription, Topic
from ecs_monitoring.cloudwatch.alarm import AlarmAddress, AlarmState
from ecs_monitoring.cloudwatch.units import Unit
from tests.account.emulated import HOME
from tests.account.values import CRITICAL, READ, WARNING, alarm

TAGS = {"AlarmKey": "ecs.cpu-high", "Target": "web", "Severity": "critical"}
CPU: dict[str, Any] = {
    "AlarmName": "cpu",
    "AlarmArn": "arn:cpu",
    "StateValue": "ALARM",
    "StateReason": "too much",
    "StateUpdatedTimestamp": READ,
    "ActionsEnabled": False,
    "AlarmActions": [CRITICAL, "arn:aws:lambda:x:1:function:f", WARNING],
    "OKActions": [WARNING],
    "InsufficientDataActions": ["arn:x"],
    "Namespace": "AWS/ECS",
    "MetricName": "CPUUtilization",
    "Dimensions": [],
    "Statistic": "Average",
    "Period": 60,
    "EvaluationPeriods": 5,
    "DatapointsToAlarm": 3,
    "Threshold": 80.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "missing",
}


def described(tags: dict[str, str] | None = None, **changes: Any) -> LiveAlarm:
    return LiveAlarm.described({**CPU, **changes}, TAGS if tags is None else tags, HOME)


def test_everything_that_aws_says_of_an_alarm() -> None:
    found = described()
    assert found.definition is not None
    assert found == LiveAlarm(
        name="cpu",
        arn="arn:cpu",
        region=HOME,
        address=AlarmAddress("ecs.cpu-high@web"),
        severity="critical",
        is_composite=False,
        state=AlarmState.ALARM,
        state_reason="too much",
        state_updated=READ,
        actions_enabled=False,
        actions={
            AlarmState.ALARM: (CRITICAL, "arn:aws:lambda:x:1:function:f", WARNING),
            AlarmState.OK: (WARNING,),
            AlarmState.INSUFFICIENT_DATA: ("arn:x",),
        },
        unit=Unit.PERCENT,
        definition=found.definition,
        problem="",
    )
    assert found.raw == CPU
    assert found.topics == (CRITICAL, WARNING)
    assert found.condition == "CPUUtilization Average > 80 %"


def test_what_aws_leaves_out() -> None:
    composite = {
        "AlarmName": "top",
        "AlarmArn": "arn:top",
        "StateValue": "OK",
        "StateUpdatedTimestamp": READ,
        "AlarmRule": "FALSE",
    }
    found = LiveAlarm.described(composite, {}, HOME)
    assert found.problem
    assert found == LiveAlarm(
        name="top",
        arn="arn:top",
        region=HOME,
        address=AlarmAddress("@"),
        severity="",
        is_composite=True,
        state=AlarmState.OK,
        state_reason="",
        state_updated=READ,
        actions_enabled=True,
        actions=dict.fromkeys(AlarmState, ()),
        problem=found.problem,
    )
    assert (found.unit, found.definition, found.condition) == (Unit.COUNT, None, "")


def query(id_: str, **more: Any) -> dict[str, Any]:
    metric = {"Namespace": "Shop", "MetricName": "Errors", "Dimensions": []}
    return {"Id": id_, "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}, **more}


@pytest.mark.parametrize(
    ("watched", "condition"),
    [
        ({"Expression": "m / 2", "Label": "half"}, "half > 80"),
        ({"Expression": "m / 2"}, "m / 2 > 80"),
        # CloudWatch returns what does not say otherwise.
        ({"Expression": "m / 2", "ReturnData": True}, "m / 2 > 80"),
    ],
)
def test_metric_math_is_called_by_its_label(watched: dict[str, Any], condition: str) -> None:
    metrics = [query("m", ReturnData=False, Label="not this"), {"Id": "e", **watched}]
    alone = ("Namespace", "MetricName", "Dimensions", "Statistic", "Period")
    alarm_ = {key: value for key, value in CPU.items() if key not in alone} | {"Metrics": metrics}
    assert LiveAlarm.described(alarm_, TAGS, HOME).condition == condition


def test_an_alarm_that_cannot_be_evaluated_says_what_it_watches() -> None:
    band = {"Id": "b", "Expression": "ANOMALY_DETECTION_BAND(m)", "ReturnData": False}
    found = described(Metrics=[band, query("m", Label="errors")], ThresholdMetricId="b")
    assert (found.definition, found.condition) == (None, "errors")
    single = described(ThresholdMetricId="b")
    assert (single.definition, single.condition) == (None, "CPUUtilization")


@pytest.mark.parametrize(
    ("action", "expected"),
    [(CRITICAL, True), ("arn:aws:sqs:x:1:sns", False), ("sns", False), ("", False)],
)
def test_which_actions_are_topics(action: str, expected: bool) -> None:
    assert is_topic(action) is expected


@pytest.mark.parametrize(
    ("rest", "tags", "ours"),
    [
        # Tags without a rule, or without a target, are nobody's.
        ("ecs-web-", {"AlarmKey": "ecs", "Target": "web"}, False),
        ("ecs--cpu-high", {"AlarmKey": "ecs.cpu-high", "Target": ""}, False),
        # The kind must be a whole word behind a dot.
        ("xecs-web-cpu-high", TAGS, False),
        ("x.ecs-web-cpu-high", TAGS, True),
        ("-web-cpu-high", TAGS, False),
    ],
)
def test_an_alarm_belongs_by_all_of_its_name(rest: str, tags: dict[str, str], ours: bool) -> None:
    assert belongs(f"shop-prod-{rest}", "shop-prod-", tags) is ours


ALARMS = [alarm("ecs.cpu-high@web", severity="warning"), alarm("ecs.cpu-high@api")]


@pytest.mark.parametrize(
    ("wanted", "severity", "words"),
    [
        (
            ["ecs.cpu-high@wbe"],
            None,
            "--alarm ecs.cpu-high@wbe: the stack has no such alarm; did you mean "
            '"ecs.cpu-high@web"?',
        ),
        (
            ["ecs.cpu-hihg"],
            None,
            '--alarm ecs.cpu-hihg: the stack has no such alarm; did you mean "ecs.cpu-high"?',
        ),
        (
            ["ecs.cpu-high", "zzz"],
            None,
            "--alarm zzz: the stack has no such alarm; the stack has: ecs.cpu-high@api, "
            "ecs.cpu-high@web",
        ),
        (
            ["ecs.cpu-high@web"],
            "critical",
            "none of these alarms is critical: leave --severity out",
        ),
    ],
)
def test_what_is_wanted_and_not_there(wanted: list[str], severity: str | None, words: str) -> None:
    with pytest.raises(NoSuchAlarmError) as error:
        chosen(ALARMS, wanted, severity)
    assert str(error.value) == words


def composite(name: str, rule: str, suppressor: str = "") -> dict[str, Any]:
    held = {"ActionsSuppressor": suppressor} if suppressor else {}
    return {"AlarmName": name, "AlarmRule": rule, **held}


@pytest.mark.parametrize(
    ("rule", "children"),
    [
        ('ALARM("a") OR OK(arn:aws:cloudwatch:x:1:alarm:b)', frozenset("ab")),
        ("TRUE", frozenset()),
        ("ALARM(", None),
    ],
)
def test_the_children_of_a_rule(rule: str, children: frozenset[str] | None) -> None:
    assert children_of(composite("x", rule)) == children


def names_above(name: str, *described: dict[str, Any]) -> list[str]:
    return [str(above["AlarmName"]) for above in Composites(described).above(name)]


def test_what_stands_above_an_alarm_is_found_once() -> None:
    """Though two ways lead up to the top, and one of them in a circle."""
    tree = (
        composite("top", "ALARM(left) OR ALARM(right)"),
        composite("left", "ALARM(cpu)"),
        composite("right", "ALARM(cpu) AND NOT ALARM(top)"),
        composite("other", "ALARM(memory)"),
    )
    assert sorted(names_above("cpu", *tree)) == ["left", "right", "top"]
    assert names_above("left", *tree) == ["top", "right"]
    assert names_above("other", *tree) == []


def test_a_rule_that_cannot_be_read_stands_above_what_its_text_names() -> None:
    assert names_above("cpu", composite("x", "ALARM(cpu"), composite("y", "ALARM(disk")) == ["x"]
    # A rule that can be read names whole names.
    assert names_above("cpu", composite("x", "ALARM(cpu-high)")) == []


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("none", set()),
        ("unheard-of", set()),
        # What holds it back, what that is a rule over, and what holds that back in turn.
        ("service", {"causes", "database", "network", "maintenance"}),
        ("network", {"maintenance"}),
        ("itself", {"itself"}),
    ],
)
def test_what_holds_a_composite_alarm_back(name: str, names: set[str]) -> None:
    composites = Composites(
        [
            composite("service", "ALARM(tasks)", "arn:aws:cloudwatch:x:1:alarm:causes"),
            composite("causes", "ALARM(database) OR ALARM(network)"),
            composite("network", "ALARM(", "maintenance"),
            composite("none", "ALARM(tasks)"),
            composite("itself", "ALARM(itself)", "itself"),
        ]
    )
    assert composites.waited_for(name) == names


@pytest.mark.parametrize(
    ("protocol", "endpoint", "arn", "pending", "chat", "notified", "shown"),
    [
        ("email", "a@b.jp", "arn:1", False, False, True, "email a@b.jp"),
        ("email", "a@b.jp", "PendingConfirmation", True, False, False, "email a@b.jp"),
        ("email", "a@b.jp", "Deleted", False, False, False, "email a@b.jp"),
        ("sqs", "arn:aws:sqs:x:1:pager", "arn:1", False, False, True, "sqs pager"),
        # A drill's own queue; of another protocol it would be somebody.
        ("sqs", "arn:x:alarm-drill-1", "arn:1", False, False, False, "sqs alarm-drill-1"),
        ("lambda", "arn:x:alarm-drill-1", "arn:1", False, False, True, "lambda alarm-drill-1"),
        ("sqs", "arn:x:my-alarm-drill-1", "arn:1", False, False, True, "sqs my-alarm-drill-1"),
        ("sms", "+4915112345678", "arn:1", False, False, True, "sms …5678"),
        ("http", "http://u:p@x.jp:80/k", "arn:1", False, False, True, "http x.jp/…"),
        ("https", "https://x.jp/k?s", "arn:1", False, False, True, "https x.jp/…"),
        (
            "https",
            "https://global.sns-api.chatbot.amazonaws.com",
            "arn:1",
            False,
            True,
            True,
            "chat channels by Amazon Q Developer",
        ),
        (
            "http",
            "http://global.sns-api.chatbot.amazonaws.com",
            "arn:1",
            False,
            False,
            True,
            "http global.sns-api.chatbot.amazonaws.com/…",
        ),
        (
            "https",
            "https://chatbot.amazonaws.com.x.jp/",
            "arn:1",
            False,
            False,
            True,
            "https chatbot.amazonaws.com.x.jp/…",
        ),
    ],
)
def test_who_is_notified(
    protocol: str,
    endpoint: str,
    arn: str,
    pending: bool,
    chat: bool,
    notified: bool,
    shown: str,
) -> None:
    found = Subscription(arn=arn, protocol=protocol, endpoint=endpoint)
    assert (found.is_pending, found.is_chat, found.is_notified, found.shown) == (
        pending,
        chat,
        notified,
        shown,
    )


def test_a_topic_that_nothing_is_known_of() -> None:
    unknown = Topic(arn="arn:aws:sns:x:1:shop")
    assert unknown.name == "shop"
    assert unknown == Topic(
        arn="arn:aws:sns:x:1:shop",
        exists=True,
        policy=None,
        key=None,
        subscriptions=(),
        unread=(),
    )
