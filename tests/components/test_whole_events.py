"""All that events are registered with, for the stack's own topics and for a team's."""

from typing import Any, Final

import pulumi
import pytest

import ecs_monitoring as watch
from ecs_monitoring.events import EventWay
from stack.program import ProgramRun
from tests.components.registered import EVENT_RULE, named, sent
from tests.components.small import RunComponents

REGION: Final = "eu-west-1"
ACCOUNT: Final = "123456789012"
HERE: Final = {"region": REGION}
TAGS: Final[dict[str, pulumi.Input[str]]] = {"Team": "shop"}
PAGER: Final = f"arn:aws:sns:{REGION}:{ACCOUNT}:pager"
MAILBOX: Final = f"arn:aws:sns:{REGION}:{ACCOUNT}:mailbox"
PAYMENTS: Final = f"arn:aws:sns:{REGION}:{ACCOUNT}:payments"
BASE: Final = "events-django-ecs-monitoring-test"
# A mark of title, project, stack and team: the beginning of the SHA-256 of "events",
# "django-ecs-monitoring", "test" and "team-pay", with NUL between them.
TEAM_BASE: Final = f"{BASE}-team-pay-a4bfb9dd"


def told(run_components: RunComponents, **changes: Any) -> tuple[ProgramRun, watch.EventMonitoring]:
    """A service's failed deployments, and what AWS Health has about its load balancer."""
    usual: dict[str, Any] = {
        "topics": {"critical": [PAGER], "warning": [MAILBOX, PAGER]},
        "teams": {"pay": watch.EventTeamArgs(alarms=["health"], topics={"warning": [PAYMENTS]})},
        "ecs": {"web": watch.EcsTargetArgs(cluster="shop", service="checkout")},
        "services": ["ELASTICLOADBALANCING"],
        "changes": {
            "ecs.all": watch.EventChangeArgs(enabled=False),
            "ecs.deployment-failed": watch.EventChangeArgs(enabled=True),
            "health.all": watch.EventChangeArgs(enabled=False),
            "health.scheduled-change": watch.EventChangeArgs(enabled=True),
        },
        "runbooks": "https://wiki.example.jp/runbooks",
        "region": REGION,
        "tags": TAGS,
    }
    args = watch.EventMonitoringArgs(**{**usual, **changes})
    made: list[watch.EventMonitoring] = []
    run = run_components(lambda: made.append(watch.EventMonitoring("events", args)))
    return run, made[0]


def queue(local: str, name: str, rule: str) -> dict[str, dict[str, Any]]:
    """A queue for what one rule could not deliver."""
    # The placeholders' URL of a queue says the provider's own region.
    url = f"https://sqs.ap-northeast-1.amazonaws.com/{ACCOUNT}/{local}"
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "DeadLetters",
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}",
                "Condition": {
                    "ArnEquals": {
                        "aws:SourceArn": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{rule}"]
                    }
                },
            }
        ],
    }
    return {
        f"Queue {local}": {
            "name": name,
            "messageRetentionSeconds": 1_209_600,
            "sqsManagedSseEnabled": True,
            "tags": TAGS,
            **HERE,
        },
        f"QueuePolicy {local}": {"queueUrl": url, "policy": policy, **HERE},
    }


def target(rule: str, number: int, topic: str, dead: str) -> dict[str, Any]:
    """What a topic is registered with, but for the message."""
    return {
        "rule": rule,
        "targetId": f"topic-{number}",
        "arn": topic,
        "deadLetterConfig": {"arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{dead}"},
        # An hour; 185 times are EventBridge's own most.
        "retryPolicy": {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 185},
        **HERE,
    }


def test_rules_targets_and_queues(run_components: RunComponents) -> None:
    run, _ = told(run_components)
    found = sent(run)
    messages = {
        name: inputs.pop("inputTransformer")
        for name, inputs in found.items()
        if name.startswith("EventTarget ")
    }
    failed, change = f"{BASE}-ecs-deployment-failed", f"{BASE}-health-scheduled-change--pay"
    dead, team_dead = f"{BASE}-warning-dead", f"{TEAM_BASE}-warning-dead"
    assert found == {
        "EventRule events.ecs.deployment-failed": {
            "name": failed,
            "description": "ECS deployment failed (warning): web",
            # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
            "eventPattern": {
                "source": ["aws.ecs"],
                "detail-type": ["ECS Deployment State Change"],
                "detail": {"eventName": ["SERVICE_DEPLOYMENT_FAILED"]},
                # Services that are older than the long form of ARNs keep the short one.
                "resources": [
                    {"suffix": ":service/shop/checkout"},
                    {"suffix": ":service/checkout"},
                ],
            },
            "tags": {**TAGS, "EventKey": "ecs.deployment-failed", "Severity": "warning"},
            **HERE,
        },
        "EventRule events.health.scheduled-change--pay": {
            "name": change,
            "description": "AWS plans a change (warning): services",
            # https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
            "eventPattern": {
                "source": ["aws.health"],
                "detail-type": ["AWS Health Event"],
                "detail": {
                    "eventTypeCategory": ["scheduledChange"],
                    "backupEvent": ["false", False],
                    "page": ["1"],
                    "service": ["ELASTICLOADBALANCING"],
                },
            },
            "tags": {**TAGS, "EventKey": "health.scheduled-change", "Severity": "warning"},
            **HERE,
        },
        **queue("events-warning-dead-letters", dead, failed),
        **queue("events.pay-warning-dead-letters", team_dead, change),
        "EventTarget events.ecs.deployment-failed": target(failed, 1, MAILBOX, dead),
        "EventTarget events.ecs.deployment-failed.2": target(failed, 2, PAGER, dead),
        "EventTarget events.health.scheduled-change--pay": target(change, 1, PAYMENTS, team_dead),
    }
    # Whichever topic it is, the message is the event's.
    first, second, health = (messages[name] for name in sorted(messages))
    assert first == second != health
    assert first["inputPaths"] == {
        "about": "$.resources[0]",
        "words": "$.detail.reason",
        "resource": "$.resources[0]",
        "time": "$.time",
        "region": "$.region",
        "account": "$.account",
    }
    assert (
        "Runbook: https://wiki.example.jp/runbooks#ecsdeployment-failed" in (first["inputTemplate"])
    )


def test_what_events_tell_others(run_components: RunComponents) -> None:
    run, events = told(run_components)
    warning = watch.Severity.WARNING
    failed, change = f"{BASE}-ecs-deployment-failed", f"{BASE}-health-scheduled-change--pay"
    assert events.ways == {
        "warning": EventWay(severity=warning, rules=(failed,), dead_letters=f"{BASE}-warning-dead"),
        "pay-warning": EventWay(
            severity=warning, rules=(change,), dead_letters=f"{TEAM_BASE}-warning-dead"
        ),
    }
    why = "switched off in the stack's events settings"
    off = (
        *("start-impaired", "placement-failed", "scheduler-throttled", "task-start-failed"),
        *("container-exited", "out-of-memory"),
    )
    (outputs,) = run.outputs.values()
    assert outputs == {
        "rules": {
            "ecs.deployment-failed": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{failed}",
            "health.scheduled-change--pay": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{change}",
        },
        "omitted": {
            **{f"ecs.{name}@web": why for name in off},
            "health.service-issue@services": why,
            "health.account-notification@services": why,
        },
    }


def test_a_severity_of_a_teams_own_is_told_the_team_where_it_has_topics_of_it(
    run_components: RunComponents,
) -> None:
    """Of other severities, the stack's topics are told."""

    def rules(topics: dict[str, list[str]]) -> list[str]:
        team = watch.EventTeamArgs(alarms=["ecs"], topics=topics)  # type: ignore[arg-type]
        changes = {
            "ecs.all": watch.EventChangeArgs(enabled=False),
            "ecs.deployment-failed": watch.EventChangeArgs(
                enabled=True, severity=watch.Severity.CRITICAL
            ),
        }
        run, _ = told(run_components, teams={"pay": team}, changes=changes, services=None)
        return list(named(run, EVENT_RULE))

    assert rules({"warning": [PAYMENTS]}) == ["events.ecs.deployment-failed"]
    assert rules({"critical": []}) == ["events.ecs.deployment-failed"]
    assert rules({"critical": [PAYMENTS]}) == ["events.ecs.deployment-failed--pay"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"topics": {"critical": [PAGER]}},
            "EventMonitoring 'events'.topics has no topic for warning events such as "
            "ecs.deployment-failed (severities with topics: critical)",
        ),
        (
            {"topics": {}},
            "EventMonitoring 'events'.topics has no topic for warning events such as "
            "ecs.deployment-failed (severities with topics: none)",
        ),
        (
            {"topics": {"warning": [f"{PAGER}{number}" for number in range(6)]}},
            "EventMonitoring 'events'.topics has 6 topics for warning events: a rule of "
            "EventBridge has at most 5 targets",
        ),
        (
            {
                "teams": {
                    "pay": watch.EventTeamArgs(
                        alarms=["health"],
                        topics={"warning": [f"{PAGER}{number}" for number in range(6)]},
                    )
                }
            },
            "EventMonitoring 'events'.teams.pay.topics has 6 topics for warning events: a rule "
            "of EventBridge has at most 5 targets",
        ),
        (
            {
                "teams": {
                    name: watch.EventTeamArgs(alarms=["ecs"], topics={"warning": [PAYMENTS]})
                    for name in ("pay", "web")
                }
            },
            "EventMonitoring 'events'.teams: ecs.deployment-failed@web belongs to pay (ecs) as "
            "much as to web (ecs): write a more exact one, such as ecs.deployment-failed@web, for "
            "whoever is to be told",
        ),
    ],
)
def test_topics_that_cannot_be(
    run_components: RunComponents, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(watch.InvalidArgsError) as refusal:
        told(run_components, **changes)
    assert str(refusal.value) == message
    assert refusal.value.field == message.partition("'.")[2].partition(" ")[0].rstrip(":")


def test_five_topics_are_as_many_as_a_rule_takes(run_components: RunComponents) -> None:
    run, _ = told(run_components, topics={"warning": [f"{PAGER}{n}" for n in range(5)]})
    targets = [name for name in sent(run) if name.startswith("EventTarget events.ecs")]
    assert len(targets) == 5
