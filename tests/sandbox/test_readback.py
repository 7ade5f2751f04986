"""The comparison with the API finds what is otherwise there than it was registered."""

import json
from collections.abc import Callable
from typing import Any, Final

from sandbox.account import prepare_account
from sandbox.deploy import DeploymentMode, open_deployer
from sandbox.emulator import Emulator
from sandbox.outcome import Deployment
from sandbox.readback import compared, differences, not_compared
from sandbox.readback.account_reader import AccountReader
from stack.config import read_stack_config
from stack.program import run_program

REGION = "ap-northeast-1"
PREFIX = "django-ecs-monitoring-prod-"


def deployed(emulator: Emulator, *changes: str) -> Deployment:
    config = read_stack_config("prod", settings=changes)
    prepare_account(emulator, config)
    with open_deployer(emulator, DeploymentMode.PROCESS, say=lambda line: None) as deployer:
        return deployer.stack(config).up()


def test_a_fresh_deployment_has_no_difference(emulator: Emulator) -> None:
    outcome = deployed(emulator)
    assert differences(AccountReader(emulator.clients, REGION), outcome.registrations) == []
    managed = [r for r in outcome.registrations if r.custom]
    assert compared(outcome.registrations) == len(managed)
    assert not_compared(outcome.registrations) == []


def test_teams_and_channels_of_every_sort_have_no_difference(emulator: Emulator) -> None:
    queue = f"arn:aws:sqs:{REGION}:123456789012:incidents"
    teams = {
        "tenant": "1234abcd-12ab-34cd-56ef-1234567890ab",
        "team": "abcd1234-ab12-cd34-ef56-abcdef123456",
        "channel": "19%3Aabc123%40thread.tacv2",
    }
    data = {
        "alarms": ["rds"],
        "emails": {"warning": ["data@shop.jp"]},
        "queues": {"warning": [queue]},
        "microsoft_teams": {"critical": [teams]},
    }
    outcome = deployed(
        emulator,
        f"alerts.routes={json.dumps({'data': data})}",
        "health.web.url=https://www.example.com/readyz",
    )
    assert differences(AccountReader(emulator.clients, REGION), outcome.registrations) == []
    assert not_compared(outcome.registrations) == []
    assert len([one for one in outcome.registrations if "Channel" in one.type]) == 3


def _channel(emulator: Emulator) -> None:
    chatbot = emulator.client("chatbot", REGION)
    (channel,) = chatbot.describe_slack_channel_configurations()["SlackChannelConfigurations"]
    chatbot.update_slack_channel_configuration(
        ChatConfigurationArn=channel["ChatConfigurationArn"],
        SlackChannelId=channel["SlackChannelId"],
        GuardrailPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"],
    )


def _put_otherwise(emulator: Emulator, name: str, **changes: Any) -> None:
    cloudwatch = emulator.client("cloudwatch", REGION)
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[f"{PREFIX}{name}"])["MetricAlarms"]
    kept = {
        key: alarm[key]
        for key in (
            *("AlarmName", "AlarmDescription", "AlarmActions", "Namespace", "MetricName"),
            *("Statistic", "Dimensions", "Period", "EvaluationPeriods", "DatapointsToAlarm"),
            *("ComparisonOperator", "TreatMissingData", "Threshold"),
        )
    }
    cloudwatch.put_metric_alarm(**kept | changes)


def _threshold(emulator: Emulator) -> None:
    _put_otherwise(emulator, "ecs-web-cpu-high", Threshold=95)


def _warm_up(emulator: Emulator) -> None:
    changed = {
        "WarmUpPeriodDurationInMinutes": 240,
        "OnlyStartEvaluatingAfterWarmUpPeriodEnds": False,
    }
    _put_otherwise(emulator, "rds-main-cpu-credits", WarmUpConfiguration=changed)


def _gone(emulator: Emulator) -> None:
    emulator.client("cloudwatch", REGION).delete_alarms(
        AlarmNames=[f"{PREFIX}alb-main-latency-p99"]
    )


def _incident(emulator: Emulator) -> None:
    cloudwatch = emulator.client("cloudwatch", REGION)
    name = f"{PREFIX}incident-web-ecs"
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["CompositeAlarm"])[
        "CompositeAlarms"
    ]
    kept = {
        key: alarm[key]
        for key in ("AlarmName", "AlarmDescription", "AlarmActions", "OKActions", "AlarmRule")
    }
    cloudwatch.put_composite_alarm(
        **kept,
        ActionsSuppressor=f"{PREFIX}incident-main-rds",
        ActionsSuppressorWaitPeriod=1,
        ActionsSuppressorExtensionPeriod=420,
    )


def _policy(emulator: Emulator) -> None:
    sns = emulator.client("sns", REGION)
    topic = (
        f"arn:aws:sns:{REGION}:123456789012:django-app-alerts-django-ecs-monitoring-prod-critical"
    )
    nobody = json.dumps({"Version": "2012-10-17", "Statement": []})
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=nobody)


def _pattern(emulator: Emulator) -> None:
    logs = emulator.client("logs", REGION)
    place = {"logGroupName": "/ecs/django-app", "filterName": f"{PREFIX}logs.app.errors"}
    logs.delete_metric_filter(**place)
    logs.put_metric_filter(
        **place,
        filterPattern="?FATAL",
        metricTransformations=[
            {
                "metricName": "logs.app.errors",
                "metricNamespace": "django-ecs-monitoring/prod",
                "metricValue": "1",
                "defaultValue": 0,
            }
        ],
    )


def _dashboard(emulator: Emulator) -> None:
    emulator.client("cloudwatch", REGION).put_dashboard(
        DashboardName="Django-App-Overview-django-ecs-monitoring-prod",
        DashboardBody='{"widgets": []}',
    )


def _subscription(emulator: Emulator) -> None:
    sns = emulator.client("sns", REGION)
    (found,) = (
        s
        for s in sns.list_subscriptions()["Subscriptions"]
        if s["Endpoint"] == "oncall@example.com"
    )
    sns.unsubscribe(SubscriptionArn=found["SubscriptionArn"])


def _schedule(emulator: Emulator) -> None:
    scheduler = emulator.client("scheduler", REGION)
    kept = {
        key: value
        for key, value in scheduler.get_schedule(Name=f"{PREFIX}review-reminder").items()
        if key in ("Name", "FlexibleTimeWindow", "Target", "ScheduleExpression")
    }
    scheduler.update_schedule(**kept, State="DISABLED")


def _rights(emulator: Emulator) -> None:
    denied = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    nothing = {"Version": "2012-10-17", "Statement": [denied]}
    emulator.client("iam", REGION).put_role_policy(
        RoleName=f"{PREFIX}review-reminder",
        PolicyName=f"{PREFIX}review-reminder",
        PolicyDocument=json.dumps(nothing),
    )


def _role(emulator: Emulator) -> None:
    iam = emulator.client("iam", REGION)
    iam.delete_role_policy(
        RoleName=f"{PREFIX}review-reminder", PolicyName=f"{PREFIX}review-reminder"
    )
    iam.delete_role(RoleName=f"{PREFIX}review-reminder")


TAMPERED: Final[tuple[tuple[Callable[[Emulator], Any], tuple[str, ...]], ...]] = (
    (_threshold, ("ecs.web-cpu-high.threshold: registered 80",)),
    (
        _warm_up,
        (
            "rds.main-cpu-credits.warmUp: registered {'warmUpPeriodDurationInMinutes': 240, "
            "'onlyStartEvaluatingAfterWarmUpPeriodEnds': True}",
        ),
    ),
    (_gone, (f"alb.main-latency-p99: there is no alarm {PREFIX}alb-main-latency-p99",)),
    (_incident, ("incidents.ecs.web.suppressor: registered",)),
    (_channel, ("chat.slack-T0123ABCD-C0456EFGH.guardrailPolicyArns: registered",)),
    (_policy, ("alerts-critical.policy: registered",)),
    (_pattern, ("logs.app.errors.pattern: registered '?ERROR ?Error ?error'",)),
    (_dashboard, ("dashboard.dashboardBody: registered",)),
    (_subscription, ("there is no subscription email",)),
    (
        _schedule,
        (
            "review-reminder.state: registered 'ENABLED', the API returns 'DISABLED'",
            "review-reminder.scheduleExpressionTimezone: registered 'Asia/Tokyo'",
        ),
    ),
    (_rights, ("review-reminder.policy: registered",)),
    (_role, (f"Role {PREFIX}review-reminder not found",)),
)
"""What somebody changes in the account, and the differences that it makes."""


def test_what_was_changed_behind_its_back_is_found(emulator: Emulator) -> None:
    """One deployment for all of them: each change is found beside those before it."""
    outcome = deployed(emulator)
    before: set[str] = set()
    for tamper, found in TAMPERED:
        tamper(emulator)
        lines = set(differences(AccountReader(emulator.clients, REGION), outcome.registrations))
        new = lines - before
        for words in found:
            assert any(words in line for line in new), (tamper.__name__, new)
        before = lines


def test_a_secret_is_not_shown_in_a_difference(emulator: Emulator) -> None:
    hook = "https://hooks.example.com/T0/secret-path"
    config = read_stack_config("prod", settings=[f"alerts.webhooks.critical.pager={hook}"])
    secret = type(config)(
        **{**config.__dict__, "secret_keys": frozenset({"django-ecs-monitoring:alerts"})}
    )
    run = run_program(secret)
    # Nothing is deployed, so that every resource differs.
    lines = differences(AccountReader(emulator.clients, REGION), run.registrations)
    assert lines
    assert hook not in "\n".join(lines)
