"""All that the smaller components register, whole: what is dropped or added by mistake shows."""

import json
from typing import Any, Final

import pulumi

import ecs_monitoring as watch
from tests.components.policy import document
from tests.components.registered import ROLE, SCHEDULE, SLACK, TEAMS, only, sent
from tests.components.small import CRITICAL, ROUTING, WARNING, RunComponents

ACCOUNT: Final = "123456789012"
TAGS: Final[dict[str, pulumi.Input[str]]] = {"Team": "shop"}


def role(local: str, name: str, description: str, **policies: Any) -> dict[str, dict[str, Any]]:
    """A role and its rights."""
    return {
        f"Role {local}": {
            "name": name,
            "description": description,
            "assumeRolePolicy": document(policies["trust"]),
            "tags": TAGS,
        },
        f"RolePolicy {local}": {
            "name": name,
            "role": name,
            "policy": document(*policies["rights"]),
        },
    }


def test_chat_channels(run_components: RunComponents, requests: dict[str, Any]) -> None:
    tenant, team = "01234567-89ab-cdef-0123-456789abcdef", "76543210-89ab-cdef-0123-456789abcdef"
    channel = "19%3Ab6ef35dc342d56ba5654e6fc6d25a071%40thread.tacv2"

    def program() -> None:
        slack = watch.SlackChannelArgs(
            workspace="T0123ABCD", channel="C0123ABCD", topics=[CRITICAL, WARNING]
        )
        teams = watch.TeamsChannelArgs(tenant=tenant, team=team, channel=channel, topics=[WARNING])
        args = watch.ChatChannelsArgs(slack=[slack], teams=[teams], tags=TAGS)
        watch.ChatChannels("chat", args)

    run = run_components(program)
    name = "alarm-chat-django-ecs-monitoring-test"
    configuration = {
        "iamRoleArn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        # https://docs.aws.amazon.com/aws-managed-policy/latest/reference/CloudWatchReadOnlyAccess.html
        "guardrailPolicyArns": ["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"],
        "tags": TAGS,
    }
    slack_name, teams_name = "slack-T0123ABCD-C0123ABCD", f"teams-{team}"
    assert sent(run) == {
        **role(
            "chat",
            name,
            "Amazon Q Developer in chat applications reads metrics for its graphs",
            trust={
                "Sid": "Chat",
                "Principal": {"Service": "chatbot.amazonaws.com"},
                "Action": "sts:AssumeRole",
            },
            # https://docs.aws.amazon.com/chatbot/latest/adminguide/chatbot-iam-policies.html
            rights=[
                {
                    "Sid": "ReadMetrics",
                    "Action": ["cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*"],
                    "Resource": "*",
                }
            ],
        ),
        f"SlackChannelConfiguration chat.{slack_name}": {
            "configurationName": f"django-ecs-monitoring-test-{slack_name}",
            "slackTeamId": "T0123ABCD",
            "slackChannelId": "C0123ABCD",
            "snsTopicArns": [CRITICAL, WARNING],
            **configuration,
        },
        f"TeamsChannelConfiguration chat.{teams_name}": {
            "configurationName": f"django-ecs-monitoring-test-{teams_name}",
            "tenantId": tenant,
            "teamId": team,
            "channelId": channel,
            "snsTopicArns": [WARNING],
            **configuration,
        },
    }
    slack_one, teams_one = only(run.of_type(SLACK)), only(run.of_type(TEAMS))
    (outputs,) = run.outputs.values()
    assert outputs == {"channels": {slack_name: slack_one.arn, teams_name: teams_one.arn}}
    # Without its rights, the role would show no graph.
    for one in (slack_one, teams_one):
        asked = requests[f"{one.type}/{one.name}"]
        assert [urn for urn in asked.dependencies if "rolePolicy:RolePolicy::" in urn]


def test_a_second_component_of_chat_has_a_role_of_its_own(run_components: RunComponents) -> None:
    channel = watch.SlackChannelArgs(workspace="T0123ABCD", channel="C0123ABCD", topics=[WARNING])

    def program() -> None:
        watch.ChatChannels("talk", watch.ChatChannelsArgs(slack=[channel]))

    # A mark of title, project, stack and component: the beginning of the SHA-256 of "alarm-chat",
    # "django-ecs-monitoring", "test" and "talk", with NUL between them.
    name = only(run_components(program).of_type(ROLE)).inputs["name"]
    assert name == "alarm-chat-django-ecs-monitoring-test-talk-a27c31c2"


def test_without_channels_there_is_no_role(run_components: RunComponents) -> None:
    def program() -> None:
        watch.ChatChannels("chat", watch.ChatChannelsArgs())

    assert sent(run_components(program)) == {}


def test_a_review_reminder(run_components: RunComponents) -> None:
    def program() -> None:
        args = watch.ReviewReminderArgs(
            topics=[WARNING],
            schedule="rate(30 days)",
            timezone="Asia/Tokyo",
            link="https://wiki.example.jp/review",
            tags=TAGS,
        )
        watch.ReviewReminder("review-reminder", args)

    run = run_components(program)
    name = "django-ecs-monitoring-test-review-reminder"
    group = f"arn:aws:scheduler:ap-northeast-1:{ACCOUNT}:schedule-group/default"
    asked = only(run.of_type(SCHEDULE)).inputs["target"]["input"]
    assert sent(run) == {
        **role(
            "review-reminder",
            name,
            "EventBridge Scheduler reminds of the review of the alarms",
            trust={
                "Sid": "Scheduler",
                "Principal": {"Service": "scheduler.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": group}
                },
            },
            rights=[
                {"Sid": "Publish", "Action": "sns:Publish", "Resource": [WARNING]},
                {
                    "Sid": "EncryptedTopics",
                    "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                    "Resource": [f"arn:aws:kms:ap-northeast-1:{ACCOUNT}:key/*"],
                    "Condition": {
                        "StringEquals": {"kms:ViaService": "sns.ap-northeast-1.amazonaws.com"}
                    },
                },
            ],
        ),
        "Schedule review-reminder": {
            "name": name,
            "groupName": "default",
            "description": "Reminds of the review of the alarms",
            "scheduleExpression": "rate(30 days)",
            "scheduleExpressionTimezone": "Asia/Tokyo",
            "flexibleTimeWindow": {"mode": "OFF"},
            "target": {
                "arn": "arn:aws:scheduler:::aws-sdk:sns:publish",
                "roleArn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
                "input": asked,
                # Scheduler's own maximum: a day, and 185 times.
                "retryPolicy": {
                    "maximumEventAgeInSeconds": 86_400,
                    "maximumRetryAttempts": 185,
                },
            },
        },
    }
    message = json.loads(asked).pop("Message")
    assert json.loads(asked) == {
        "TopicArn": WARNING,
        "Subject": "Alarm review due: django-ecs-monitoring/test",
        "Message": message,
    }
    assert "https://wiki.example.jp/review" in message
    (outputs,) = run.outputs.values()
    assert outputs == {"schedules": [only(run.of_type(SCHEDULE)).arn]}


def checked(run_components: RunComponents, url: str) -> dict[str, dict[str, Any]]:
    """What is registered for one URL that is checked from outside."""
    routing = watch.RoutingArgs(topics={"critical": [f"arn:aws:sns:us-east-1:{ACCOUNT}:c"]})
    off = watch.OffHoursArgs(stop="cron(0 20 ? * MON-FRI *)", start="cron(0 7 ? * MON-FRI *)")

    def program() -> None:
        target = watch.HealthTargetArgs(url=url, off_hours=off)
        args = watch.HealthCheckArgs(targets={"web": target}, routing=routing, tags=TAGS)
        watch.HealthCheck("health", args)

    return sent(run_components(program))


def test_a_check_from_outside_and_its_alarm(run_components: RunComponents) -> None:
    found = checked(run_components, "https://www.example.com/health/")
    assert found["HealthCheck health.web"] == {
        "type": "HTTPS",
        "fqdn": "www.example.com",
        "port": 443,
        "resourcePath": "/health/",
        # Route 53's own defaults.
        "failureThreshold": 3,
        "requestInterval": 30,
        "tags": {**TAGS, "Name": "health.web"},
    }
    alarm = found["MetricAlarm health.web-endpoint-down"]
    assert alarm["region"] == "us-east-1"
    # Minutes of the week from Monday on: each evening at 20:00 (1200, and 1440 more a day) to
    # 7:00 the next day (1860), and from Friday's (4 x 1440 + 1200) to the end, and on to Monday's.
    off = (
        "(week >= 1200 AND week < 1860) OR (week >= 2640 AND week < 3300) OR "
        "(week >= 4080 AND week < 4740) OR (week >= 5520 AND week < 6180) OR "
        "(week >= 6960 AND week < 10080) OR (week >= 0 AND week < 420)"
    )
    assert alarm["metricQueries"] == [
        {
            "id": "value",
            "returnData": False,
            "metric": {
                "namespace": "AWS/Route53",
                "metricName": "HealthCheckStatus",
                # The id that the check got once it was made.
                "dimensions": {"HealthCheckId": "health.web-id"},
                "period": 60,
                "stat": "Minimum",
            },
        },
        {
            "id": "week",
            "returnData": False,
            "expression": "((DAY(value) - 1) * 24 + HOUR(value)) * 60 + MINUTE(value)",
        },
        {"id": "off", "returnData": False, "expression": off},
        {
            "id": "watched",
            "returnData": True,
            "label": "HealthCheckStatus Minimum outside off hours",
            "expression": "IF(off, 1, value)",
        },
    ]
    assert set(found) == {"HealthCheck health.web", "MetricAlarm health.web-endpoint-down"}


def test_a_plain_url_is_checked_on_its_port(run_components: RunComponents) -> None:
    def place(url: str) -> tuple[Any, ...]:
        found = checked(run_components, url)["HealthCheck health.web"]
        return tuple(found[name] for name in ("type", "fqdn", "port", "resourcePath"))

    assert place("http://www.example.com") == ("HTTP", "www.example.com", 80, "/")
    assert place("https://api.example.com:8443/up") == ("HTTPS", "api.example.com", 8443, "/up")


def test_a_log_group_its_filters_and_their_alarms(
    run_components: RunComponents, requests: dict[str, Any]
) -> None:
    """What is switched off has no filter: a custom metric costs money."""
    off = watch.AlarmOverride(enabled=False)
    others = ("exceptions", "database-errors", "security", "workers-killed")

    def program() -> None:
        group = watch.LogTargetArgs(group="/ecs/shop", retention_days=90)
        args = watch.LogMonitoringArgs(
            targets={"app": group},
            routing=ROUTING,
            tags=TAGS,
            overrides={f"logs.{name}": off for name in others},
        )
        watch.LogMonitoring("logs", args)

    found = sent(run_components(program))
    alarm = found.pop("MetricAlarm logs.app-errors")
    assert found == {
        "LogGroup logs.app": {
            "name": "/ecs/shop",
            "retentionInDays": 90,
            "skipDestroy": True,
            "tags": TAGS,
        },
        "LogMetricFilter logs.app.errors": {
            "name": "django-ecs-monitoring-test-logs.app.errors",
            "logGroupName": "/ecs/shop",
            "pattern": "?ERROR ?Error ?error",
            "metricTransformation": {
                "name": "logs.app.errors",
                "namespace": "django-ecs-monitoring/test",
                "value": "1",
                "defaultValue": "0",
                "unit": "Count",
            },
        },
    }
    assert (alarm["namespace"], alarm["metricName"]) == (
        "django-ecs-monitoring/test",
        "logs.app.errors",
    )
    (filter_,) = (asked for name, asked in requests.items() if "LogMetricFilter" in name)
    assert [urn for urn in filter_.dependencies if urn.endswith("LogGroup::logs.app")]
