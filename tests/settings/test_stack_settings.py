"""What a stack's settings are where nothing is written, and what follows from what is."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Final

import pulumi
import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.rule import Severity
from settings import Settings
from stack.config import StackConfig
from stack.program import run_program
from tests.settings.refusal import asked, refused_config, stack_config, with_secret

CRITICAL, WARNING = Severity
WEB: Final = {"cluster": "shop", "service": "checkout"}


def dumped(settings: Settings) -> dict[str, Any]:
    return settings.model_dump(mode="json")


def test_where_nothing_is_written() -> None:
    nobody: dict[str, Any] = {
        "topics": {},
        "emails": {},
        "webhooks": {},
        "secret_emails": {},
        "queues": {},
        "slack": {},
        "microsoft_teams": {},
    }
    assert asked(stack_config({}), dumped) == {
        **{section: {} for section in ("ecs", "alb", "rds", "logs", "app", "health")},
        "alerts": {
            **nobody,
            "topic_name": "django-app-alerts",
            "routes": {},
            "encryption": False,
            "notify_on_recovery": [],
            "paging": "alarm",
            "depends_on": {},
            "mutes": {},
        },
        "alarms": {},
        "events": {"enabled": True, "ecs": {}, "rds": {}, "health": {}},
        "dashboard": {"enabled": True},
        # At nine on the first day of each quarter.
        "review": {
            "schedule": "cron(0 9 1 1,4,7,10 ? *)",
            "timezone": "UTC",
            "link": "docs/review.md",
            "reminder": False,
        },
        "new_relic": None,
        "tags": {},
        "permissions_boundary": "",
        "runbooks": "docs/runbooks.md",
    }


def test_a_section_without_anything_in_it_is_none() -> None:
    """Pulumi.yaml declares an empty mapping as the default of every section."""
    sections = ("new_relic", "alerts", "ecs", "alarms", "tags", "review")
    empty: dict[str, Any] = {section: {} for section in sections}
    assert asked(stack_config(empty), dumped) == asked(stack_config({}), dumped)


def test_whose_they_are() -> None:
    config = stack_config({"ecs": {"web": WEB}}, stack="blue")
    assert asked(config, lambda s: (s.stack, s.label, s.path("tags", "Team", 0))) == (
        "blue",
        "django-ecs-monitoring/blue",
        "django-ecs-monitoring:tags.Team[0]",
    )
    with_region = replace(config, values={**config.values, "aws:region": "eu-west-1"})
    assert asked(config, lambda s: s.region) is None
    assert asked(with_region, lambda s: s.region) == "eu-west-1"


@pytest.mark.parametrize(("length", "fits"), [(128, True), (129, False)])
def test_a_targets_name_has_at_most_128_characters(length: int, fits: bool) -> None:
    """A name of 255 characters for an alarm has to hold it, project, stack and rule."""
    config = stack_config({"ecs": {"a" * length: WEB}})
    if fits:
        assert asked(config, lambda s: list(s.model_dump()["ecs"])) == ["a" * length]
        return
    (problem,) = refused_config(config).problems
    assert problem.fix == "has 129 characters: alarm names have room for 128 of them"


@pytest.mark.parametrize(
    "boundary",
    [
        "arn:aws:iam::123456789012:policy/teams/boundary",
        "arn:aws-cn:iam::123456789012:policy/x",
        "arn:aws:iam::aws:policy/PowerUserAccess",
        f"arn:aws:iam::123456789012:policy/{'p' * 512}",
    ],
)
def test_a_boundary(boundary: str) -> None:
    config = stack_config({"permissions_boundary": boundary})
    assert asked(config, lambda s: s.permissions_boundary) == boundary


@pytest.mark.parametrize(
    "boundary", [f"arn:aws:iam::123456789012:policy/{'p' * 513}", "arn:aws:iam::12:policy/x"]
)
def test_what_is_no_boundary(boundary: str) -> None:
    (problem,) = refused_config(stack_config({"permissions_boundary": boundary})).problems
    assert problem.fix == (
        "is no ARN of an IAM policy: write arn:aws:iam::<account>:policy/<name>, or leave it out"
    )


TOPIC: Final = "arn:aws:sns:ap-northeast-1:123456789012:far"
ROUTES: Final = {
    "pay": {"alarms": ["ecs"], "emails": {"warning": ["p@shop.jp"]}},
    "far": {"alarms": ["rds"], "topics": {"critical": [TOPIC]}},
}


@pytest.mark.parametrize(
    ("address", "severity", "region", "team"),
    [
        ("ecs.cpu-high@web", WARNING, None, "pay"),
        # Of what the team has nobody for, and of what is nobody's, the stack's own are told.
        ("ecs.cpu-high@web", CRITICAL, None, ""),
        ("alb.elb-5xx@main", WARNING, None, ""),
        # A topic is told of alarms of its own Region.
        ("rds.cpu-high@main", CRITICAL, "ap-northeast-1", "far"),
        ("rds.cpu-high@main", CRITICAL, "us-east-1", ""),
        ("rds.cpu-high@main", CRITICAL, None, "far"),
    ],
)
def test_the_team_that_is_told(
    address: str, severity: Severity, region: str | None, team: str
) -> None:
    database = {
        "instance": "d",
        "engine": "postgres",
        "instance_class": "db.t4g.small",
        "allocated_storage_gib": 20,
    }
    config = stack_config(
        {"ecs": {"web": WEB}, "rds": {"main": database}, "alerts": {"routes": ROUTES}}
    )
    assert asked(config, lambda s: s.team_of(AlarmAddress(address), severity, region)) == team


@pytest.mark.parametrize(
    ("paging", "notified"),
    [
        (
            "alarm",
            {
                "ecs.cpu-high@web": [("ecs.cpu-high@web", WARNING)],
                "ecs.tasks-low@web": [("ecs.tasks-low@web", CRITICAL)],
            },
        ),
        # Every alarm is told as a warning, and a critical one makes an incident besides.
        (
            "incident",
            {
                "ecs.cpu-high@web": [("ecs.cpu-high@web", WARNING)],
                "ecs.tasks-low@web": [
                    ("ecs.tasks-low@web", WARNING),
                    ("incident.ecs@web", CRITICAL),
                ],
            },
        ),
    ],
)
def test_the_alarms_that_tell_of_a_rule(
    paging: str, notified: dict[str, list[tuple[str, Severity]]]
) -> None:
    def told(settings: Settings) -> dict[str, list[tuple[str, Severity]]]:
        return {
            str(rule.address): [(str(a), s) for a, s in settings.notified(kind, rule)]
            for kind, _, plan in settings.plans
            for rule in plan.rules
            if rule.key != "ecs.memory-high"
        }

    config = stack_config({"ecs": {"web": WEB}, "alerts": {"paging": paging}})
    assert asked(config, told) == notified


def test_what_fills_a_disk_is_foreseen() -> None:
    database = {
        "instance": "d",
        "engine": "postgres",
        "instance_class": "db.t4g.small",
        "allocated_storage_gib": 20,
    }

    def incidents(settings: Settings) -> set[str]:
        return {
            str(address)
            for kind, _, plan in settings.plans
            for rule in plan.rules
            for address, severity in settings.notified(kind, rule)
            if severity is CRITICAL
        }

    config = stack_config({"rds": {"main": database}, "alerts": {"paging": "incident"}})
    assert asked(config, incidents) == {"incident.rds@main", "incident.rds@main/foreseen"}


def exported(config: StackConfig, of: Any) -> Any:
    """What a value that holds Outputs is once they are known; ``[secret]`` for what is secret."""

    def program() -> None:
        pulumi.export("value", of(Settings.load(pulumi.Config())))

    return run_program(config, program=program).exports["value"]


@pytest.mark.parametrize("is_secret", [False, True])
def test_args_of_the_reminder(is_secret: bool) -> None:
    review = {"reminder": True, "link": "https://wiki.shop.jp/review", "timezone": "Asia/Tokyo"}
    config = stack_config({"review": review, "tags": {"Team": "shop"}})
    if is_secret:
        config = with_secret(config, "review")
    told = asked(config, lambda s: s.reminder(["topic"]))
    link = told.pop("link")
    assert told == {
        "topics": ["topic"],
        "tags": {"Team": "shop"},
        "schedule": "cron(0 9 1 1,4,7,10 ? *)",
        "timezone": "Asia/Tokyo",
    }
    assert isinstance(link, pulumi.Output) == is_secret
    assert is_secret or link == review["link"]


def test_args_of_chat_and_dashboard() -> None:
    config = stack_config({"tags": {"Team": "shop"}, "runbooks": "https://wiki.shop.jp/r"})
    parts: Any = [
        SimpleNamespace(graphs=f"graphs {name}", alarm_arns={name: "arn"}) for name in "ab"
    ]
    chat, overview = asked(
        config, lambda s: (s.chat({"slack": [1]}), s.overview(part for part in parts))
    )
    assert chat == {"slack": [1], "tags": {"Team": "shop"}}
    assert overview == {
        "graphs": ["graphs a", "graphs b"],
        "alarms": [{"a": "arn"}, {"b": "arn"}],
        "runbooks": "https://wiki.shop.jp/r",
    }


@pytest.mark.parametrize(
    ("alerts", "is_secret", "hides"),
    [
        ({"emails": {"warning": ["a@shop.jp"]}}, False, False),
        ({"emails": {"warning": ["a@shop.jp"]}}, True, True),
        # A webhook has to be one, so that the rest may be in plain text.
        ({"webhooks": {"warning": {"hook": "https://x.example/1"}}}, True, False),
        (
            {
                "routes": {
                    "pay": {
                        "alarms": ["ecs"],
                        "webhooks": {"warning": {"hook": "https://x.example/1"}},
                    }
                }
            },
            True,
            False,
        ),
    ],
)
def test_whether_nobody_may_read_who_is_notified(
    alerts: dict[str, Any], is_secret: bool, hides: bool
) -> None:
    config = replace(stack_config({"ecs": {"web": WEB}, "alerts": alerts}), secret_keys=frozenset())
    if is_secret:
        config = with_secret(config, "alerts")
    assert asked(config, lambda s: s.hides_addresses) is hides


LISTED: Final = ("emails", "queues")
NAMED: Final = ("secret_emails", "webhooks")


def test_addresses_are_secret_where_nobody_may_read_them() -> None:
    alerts: dict[str, Any] = {
        "emails": {"warning": ["a@shop.jp"]},
        "secret_emails": {"warning": {"pager": "x@shop.jp"}},
        "webhooks": {"critical": {"hook": "https://x.example/1"}},
        "queues": {"warning": ["arn:aws:sqs:ap-northeast-1:123456789012:q"]},
        "topics": {"critical": [TOPIC, "arn:aws:sns:us-east-1:123456789012:near"]},
    }
    config = stack_config({"alerts": alerts})

    def told_in(region: str | None) -> dict[str, Any]:
        return asked(config, lambda s: s.alerts.told(region, hidden=False))

    near = {"critical": ["arn:aws:sns:us-east-1:123456789012:near"]}
    plain = told_in(None)
    assert {field: plain[field] for field in ("emails", "queues", "topics")} == {
        field: alerts[field] for field in ("emails", "queues", "topics")
    }
    assert told_in("us-east-1")["topics"] == near

    def are_secret(settings: Settings) -> Any:
        told = settings.alerts.told("us-east-1", hidden=True)
        return {
            **{f: {s: [v.is_secret() for v in told[f][s]] for s in told[f]} for f in LISTED},
            **{f: {s: list(told[f][s]) for s in told[f]} for f in NAMED},
        }

    assert exported(config, are_secret) == {
        "emails": {"warning": [True]},
        "queues": {"warning": [True]},
        "secret_emails": {"warning": ["pager"]},
        "webhooks": {"critical": ["hook"]},
    }
