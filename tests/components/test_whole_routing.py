"""All that an AlertRouting registers, whole: what is dropped or added by mistake shows here."""

from typing import Any, Final

import ecs_monitoring as watch
from ecs_monitoring.alert_routing import NotificationWay
from stack.program import ProgramRun
from tests.components.policy import document
from tests.components.registered import SUBSCRIPTION, sent
from tests.components.small import RunComponents

REGION: Final = "eu-west-1"
ACCOUNT: Final = "123456789012"
TAGS: Final = {"Team": "shop"}
HERE: Final = {"region": REGION}
INCIDENTS: Final = f"arn:aws:sqs:{REGION}:{ACCOUNT}:incidents"
BASE: Final = "django-app-alerts-django-ecs-monitoring-test"
# A mark of title, project, stack and team: the beginning of the SHA-256 of
# "django-app-alerts", "django-ecs-monitoring", "test" and "team-web", with NUL between them.
TEAM: Final = f"{BASE}-team-web-0495add5"
KEY_ARN: Final = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/alerts-key"

OF_ALARMS: Final = {
    "StringEquals": {"aws:SourceAccount": ACCOUNT},
    "ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:*"},
}
# What SNS itself lets a topic's owner do, but for Receive, which is no action of topics:
# https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
OWNER: Final = [
    "SNS:GetTopicAttributes",
    "SNS:SetTopicAttributes",
    "SNS:AddPermission",
    "SNS:RemovePermission",
    "SNS:DeleteTopic",
    "SNS:Subscribe",
    "SNS:ListSubscriptionsByTopic",
    "SNS:Publish",
]


def publishers(actions: list[str], resource: str, *, events: bool) -> list[dict[str, Any]]:
    """The statements that let alarms, and rules of EventBridge, act on something."""
    said: dict[str, Any] = {"Action": actions, "Resource": resource}
    alarms = {"Sid": "CloudWatchAlarms", "Principal": {"Service": "cloudwatch.amazonaws.com"}}
    rules = {"Sid": "EventBridge", "Principal": {"Service": "events.amazonaws.com"}}
    found = [{**alarms, **said, "Condition": OF_ALARMS}]
    return [*found, {**rules, **said}] if events else found


def topic_policy(name: str, *, events: bool) -> dict[str, Any]:
    arn = f"arn:aws:sns:{REGION}:{ACCOUNT}:{name}"
    owner = {
        "Sid": "Owner",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": OWNER,
        "Resource": arn,
    }
    policy = document(owner, *publishers(["SNS:Publish"], arn, events=events))
    return {"arn": arn, "policy": policy, **HERE}


def way(local: str, name: str, *, events: bool) -> dict[str, dict[str, Any]]:
    """A topic and its dead letters, with their policies."""
    dead = {
        "Sid": "DeadLetters",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}-dead",
        "Condition": {"ArnEquals": {"aws:SourceArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:{name}"}},
    }
    # The placeholders' URL of a queue says the provider's own region.
    url = f"https://sqs.ap-northeast-1.amazonaws.com/{ACCOUNT}/{local}-dead-letters"
    return {
        f"Topic {local}": {"name": name, "kmsMasterKeyId": KEY_ARN, "tags": TAGS, **HERE},
        f"TopicPolicy {local}": topic_policy(name, events=events),
        f"Queue {local}-dead-letters": {
            "name": f"{name}-dead",
            # Fourteen days, the most of SQS.
            "messageRetentionSeconds": 1_209_600,
            "sqsManagedSseEnabled": True,
            "tags": TAGS,
            **HERE,
        },
        f"QueuePolicy {local}-dead-letters": {"queueUrl": url, "policy": document(dead), **HERE},
    }


def subscription(topic: str, protocol: str, endpoint: str) -> dict[str, Any]:
    return {
        "topic": f"arn:aws:sns:{REGION}:{ACCOUNT}:{topic}",
        "protocol": protocol,
        "endpoint": endpoint,
        "redrivePolicy": {"deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{topic}-dead"},
        **HERE,
    }


def routed(run_components: RunComponents, **changes: Any) -> tuple[ProgramRun, watch.AlertRouting]:
    """A run with every way to be told, in another region than the provider's."""
    usual: dict[str, Any] = {
        "severities": list(watch.Severity),
        "encryption": True,
        "region": REGION,
        "tags": TAGS,
        "events": ["warning"],
        "emails": {"critical": ["a@example.com"]},
        "secret_emails": {"critical": {"pager": "x@pager.example"}},
        "webhooks": {"warning": {"hook": "https://x.example/1"}},
        "queues": {"warning": [INCIDENTS]},
        "teams": {"web": watch.TeamArgs(alarms=["ecs"], emails={"warning": ["w@example.com"]})},
    }
    args = watch.AlertRoutingArgs(**{**usual, **changes})
    made: list[watch.AlertRouting] = []
    run = run_components(lambda: made.append(watch.AlertRouting("alerts", args)))
    return run, made[0]


def test_topics_key_subscriptions_and_dead_letters(run_components: RunComponents) -> None:
    run, _ = routed(run_components)
    of_key = {
        "Sid": "Owner",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    encrypting = publishers(["kms:Decrypt", "kms:GenerateDataKey*"], "*", events=True)
    assert sent(run) == {
        "Key alerts-key": {
            "description": f"SNS topics of alarms: {BASE}",
            "enableKeyRotation": True,
            "policy": document(of_key, *encrypting),
            "tags": TAGS,
            **HERE,
        },
        "Alias alerts-key": {"name": f"alias/{BASE}", "targetKeyId": "key-alerts-key", **HERE},
        **way("alerts-critical", f"{BASE}-critical", events=False),
        **way("alerts-warning", f"{BASE}-warning", events=True),
        **way("alerts.web-warning", f"{TEAM}-warning", events=False),
        "TopicSubscription alerts-critical-email-a@example.com": subscription(
            f"{BASE}-critical", "email", "a@example.com"
        ),
        "TopicSubscription alerts-critical-email-pager": subscription(
            f"{BASE}-critical", "email", "x@pager.example"
        ),
        "TopicSubscription alerts-warning-https-hook": subscription(
            f"{BASE}-warning", "https", "https://x.example/1"
        ),
        f"TopicSubscription alerts-warning-sqs-{INCIDENTS}": subscription(
            f"{BASE}-warning", "sqs", INCIDENTS
        ),
        "TopicSubscription alerts.web-warning-email-w@example.com": subscription(
            f"{TEAM}-warning", "email", "w@example.com"
        ),
    }


def test_without_key_tags_and_region_nothing_is_sent_for_them(
    run_components: RunComponents,
) -> None:
    nothing = dict.fromkeys(
        ("encryption", "region", "tags", "events", "emails", "secret_emails", "webhooks", "queues")
    )
    run, _ = routed(run_components, **nothing, severities=["warning"], teams=None)
    assert set(sent(run)) == {"Topic alerts-warning", "TopicPolicy alerts-warning"}
    assert sent(run)["Topic alerts-warning"] == {"name": f"{BASE}-warning"}
    assert set(sent(run)["TopicPolicy alerts-warning"]) == {"arn", "policy"}


def test_secret_addresses_are_secret_and_the_others_are_not(run_components: RunComponents) -> None:
    def secret(**changes: Any) -> set[str]:
        found = routed(run_components, **changes)[0].of_type(SUBSCRIPTION)
        assert {name for one in found for name in one.secret_inputs} == {"endpoint"}
        return {one.inputs["endpoint"] for one in found if one.secret_inputs}

    named = {"x@pager.example", "https://x.example/1"}
    assert secret() == named
    assert secret(secret=True) == {*named, "a@example.com", INCIDENTS, "w@example.com"}


def test_the_key_lets_eventbridge_in_for_a_team_alone(run_components: RunComponents) -> None:
    """It is one key for all topics, whoever has events."""
    team = watch.TeamArgs(
        alarms=["ecs"], emails={"warning": ["w@example.com"]}, events=[watch.Severity.WARNING]
    )
    found = sent(routed(run_components, events=None, teams={"web": team})[0])
    assert {
        name.partition(" ")[2]: [one["Sid"] for one in inputs["policy"]["Statement"]]
        for name, inputs in found.items()
        if name.startswith(("Key ", "TopicPolicy "))
    } == {
        "alerts-key": ["Owner", "CloudWatchAlarms", "EventBridge"],
        "alerts-critical": ["Owner", "CloudWatchAlarms"],
        "alerts-warning": ["Owner", "CloudWatchAlarms"],
        "alerts.web-warning": ["Owner", "CloudWatchAlarms", "EventBridge"],
    }


def test_what_the_routing_tells_others(run_components: RunComponents) -> None:
    """The topics for components, and the names of what carries notifications."""
    pager = f"arn:aws:sns:{REGION}:{ACCOUNT}:pager"
    team = watch.TeamArgs(
        alarms=["rds", "@web"],
        topics={"critical": [pager]},
        webhooks={"warning": {"hook": "https://x.example/2"}},
    )
    run, alerts = routed(
        run_components,
        topics={"warning": [pager]},
        emails=None,
        secret_emails=None,
        notify_on_recovery=["critical"],
        paging="incident",
        teams={"web": team, "quiet": watch.TeamArgs(alarms=["alb"])},
    )
    critical, warning = watch.Severity
    assert alerts.ways == {
        # Nobody is subscribed, so nothing can be undeliverable.
        "critical": NotificationWay(
            severity=critical, topic=f"{BASE}-critical", dead_letters="", team=""
        ),
        "warning": NotificationWay(
            severity=warning,
            topic=f"{BASE}-warning",
            dead_letters=f"{BASE}-warning-dead",
            team="",
        ),
        "web-warning": NotificationWay(
            severity=warning,
            topic=f"{TEAM}-warning",
            dead_letters=f"{TEAM}-warning-dead",
            team="web",
        ),
    }
    own, of_team = alerts.topic_arns, alerts.team_topic_arns
    assert alerts.routing == watch.RoutingArgs(
        topics={"critical": [own["critical"]], "warning": [own["warning"], pager]},
        notify_on_recovery=["critical"],
        paging="incident",
        routes=[
            watch.RouteArgs(
                team="web",
                alarms=["rds", "@web"],
                topics={"critical": [pager], "warning": [of_team["web"]["warning"]]},
            ),
            watch.RouteArgs(team="quiet", alarms=["alb"], topics={}),
        ],
    )
    assert (list(own), of_team["quiet"]) == (["critical", "warning"], {})
    assert alerts.topics_of("warning") == [own["warning"], pager]
    assert alerts.own_topic("warning", "web") is of_team["web"]["warning"]
    assert alerts.own_topic("critical", "web") is None
    (outputs,) = run.outputs.values()
    arn = f"arn:aws:sns:{REGION}:{ACCOUNT}"
    assert outputs == {
        "topics": {"critical": f"{arn}:{BASE}-critical", "warning": f"{arn}:{BASE}-warning"},
        "team_topics": {"web": {"warning": f"{arn}:{TEAM}-warning"}, "quiet": {}},
    }
