"""What the components of each Region are told: the stack's own, and that of outside checks."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import Severity
from settings import Settings
from settings.region import RegionSettings
from tests.settings.refusal import T, asked, stack_config

CRITICAL, WARNING = Severity
HOME: Final = "ap-northeast-1"
OUTSIDE: Final = "us-east-1"
NEAR: Final = f"arn:aws:sns:{HOME}:123456789012:own"
FAR: Final = f"arn:aws:sns:{OUTSIDE}:123456789012:far"
PAGE: Final = "https://wiki.shop.jp/runbooks"
ECS: Final = {"web": {"cluster": "shop", "service": "checkout"}}

# A service, and the check of its page from outside; a team has both, and is told of warnings by
# mail, and of what is critical on a topic that only the alarms of the outside reach.
SETTINGS: Final[Mapping[str, Any]] = {
    "ecs": ECS,
    "health": {"site": {"url": "https://shop.jp/up"}},
    "alerts": {
        "emails": {"critical": ["a@shop.jp"]},
        "topics": {"warning": [NEAR], "critical": [FAR]},
        "notify_on_recovery": ["critical"],
        "routes": {
            "pay": {
                "alarms": ["ecs", "health.endpoint-down"],
                "emails": {"warning": ["p@shop.jp"]},
                "topics": {"critical": [FAR]},
            }
        },
    },
    "tags": {"Team": "shop"},
    "runbooks": PAGE,
}


def at(
    region: str | None, of: Callable[[Settings], T], settings: Mapping[str, Any] = SETTINGS
) -> T:
    """What settings say of a stack in a Region; in that of its environment without one."""
    config = stack_config(settings)
    values = {**config.values, **({"aws:region": region} if region else {})}
    return asked(replace(config, values=values), of)


def both(of: Callable[[RegionSettings], T], region: str | None = HOME, **changes: Any) -> list[T]:
    """What is said of the stack's own Region, and of that of the outside checks."""
    return at(region, lambda s: [of(one) for one in s.regions], {**SETTINGS, **changes})


def test_where_it_is_and_how_its_components_are_called() -> None:
    def said(one: RegionSettings) -> tuple[Any, ...]:
        outputs = [one.output("omitted_events"), one.output("topics")]
        return one.outside, one.region, one.is_far, one.name("alerts"), *outputs

    home = ("", HOME, False, "alerts", "omitted_events", "topics")
    assert both(said) == [
        home,
        (
            *(OUTSIDE, OUTSIDE, True, "alerts-outside"),
            *("omitted_outside_events", "outside_topics"),
        ),
    ]
    # At home in the outside checks' Region there are two sets of topics all the same.
    places = both(said, OUTSIDE, alerts={})
    assert [place[1:3] for place in places] == [(OUTSIDE, False), (OUTSIDE, False)]
    # The Region is the environment's, which nobody knows.
    assert [place[1:3] for place in both(said, None)] == [(None, False), (OUTSIDE, True)]
    assert both(said, alerts={}, health={}) == [home]


def test_which_sections_it_has() -> None:
    def keys(one: RegionSettings) -> list[str]:
        return [kind.key for kind, _ in one.sections()]

    assert both(keys) == [["ecs"], ["health"]]


def test_who_is_told_of_what() -> None:
    """At home the team cannot be told on its topic, so the stack's own are; outside it is."""
    assert both(lambda one: (one.severities(), one.told)) == [
        # What AWS Health tells is nobody's but the stack's.
        (["critical", "warning"], frozenset({(CRITICAL, ""), (WARNING, "pay"), (WARNING, "")})),
        (["warning"], frozenset({(CRITICAL, "pay"), (WARNING, "")})),
    ]


@pytest.mark.parametrize(
    ("changes", "severities"),
    [
        ({"events": {"enabled": False}}, [["critical"], []]),
        # The reminder is a warning, and is sent from home.
        (
            {"events": {"enabled": False}, "review": {"reminder": True}},
            [["critical", "warning"], []],
        ),
        (
            {"events": {"enabled": False}, "review": {"reminder": False}},
            [["critical"], []],
        ),
    ],
)
def test_severities_of_the_stacks_own_topics(
    changes: dict[str, Any], severities: list[list[str]]
) -> None:
    assert both(lambda one: one.severities(), **changes) == severities


def test_args_of_the_topics() -> None:
    nobody: dict[str, Any] = {"queues": {}, "secret_emails": {}, "webhooks": {}}
    same = {
        "emails": {"critical": ["a@shop.jp"]},
        "encryption": False,
        "notify_on_recovery": ["critical"],
        "paging": "alarm",
        "secret": False,
        "tags": {"Team": "shop"},
        "topic_name": "django-app-alerts",
        **nobody,
    }
    team = {"alarms": ["ecs", "health.endpoint-down"], "emails": {"warning": ["p@shop.jp"]}}
    assert both(lambda one: one.routing()) == [
        {
            **same,
            "severities": ["critical", "warning"],
            "events": ["warning"],
            # Alarms reach topics of their own Region alone.
            "topics": {"warning": [NEAR], "critical": []},
            "teams": {
                "pay": {
                    **team,
                    **nobody,
                    "severities": ["warning"],
                    "events": ["warning"],
                    "topics": {"critical": []},
                }
            },
        },
        {
            **same,
            "region": OUTSIDE,
            "severities": ["warning"],
            "events": ["warning"],
            "topics": {"warning": [], "critical": [FAR]},
            # Its topic is there, and needs none beside it.
            "teams": {
                "pay": {
                    **team,
                    **nobody,
                    "severities": [],
                    "events": [],
                    "topics": {"critical": [FAR]},
                }
            },
        },
    ]


def test_args_of_alarms_and_of_what_carries_notifications() -> None:
    def args(one: RegionSettings) -> Any:
        return one.monitoring({"web": 1}, "routing"), one.delivery({"warning": 2}, "routing")

    mutes = {"night": {"schedule": "cron(0 2 * * *)", "duration": "2h"}}
    alarms = {"ecs.cpu-high": {"threshold": 70}}
    (monitoring, delivery), (outside, far) = both(
        args, alerts={"mutes": mutes, "emails": {"critical": ["a@shop.jp"]}}, alarms=alarms
    )
    assert {name: value for name, value in monitoring.items() if name != "mutes"} == {
        "targets": {"web": 1},
        "routing": "routing",
        "overrides": monitoring["overrides"],
        "tags": {"Team": "shop"},
        "runbooks": PAGE,
    }
    assert monitoring["overrides"]["ecs.cpu-high"].threshold == 70
    assert monitoring["mutes"]["night"].duration == "PT2H"
    assert outside == monitoring
    assert delivery == {**monitoring, "targets": {"warning": 2}}
    assert far == {**monitoring, "targets": {"warning-outside": 2}, "region": OUTSIDE}


def test_args_of_events() -> None:
    routing: Any = SimpleNamespace(
        topics={"warning": ["t"]},
        routes=[SimpleNamespace(team="pay", alarms=["ecs"], topics={"warning": ["p"]})],
    )
    changes = {"ecs": {"out-of-memory": {"severity": "critical"}}}
    home, outside = both(lambda one: one.events(routing), events=changes)
    (service,) = home["ecs"].values()
    same = {
        "topics": {"warning": ["t"]},
        "teams": {"pay": {"alarms": ["ecs"], "topics": {"warning": ["p"]}}},
        "changes": {"ecs.out-of-memory": {"severity": "critical"}},
        "tags": {"Team": "shop"},
        "runbooks": PAGE,
    }
    # What the watched things run on, as AWS Health calls it:
    # https://docs.aws.amazon.com/health/latest/ug/aws-health-concepts-and-terms.html
    assert home == {
        **same,
        "ecs": {"web": service},
        "rds": {},
        "services": ["CLOUDWATCH", "ECS", "EVENTS", "FARGATE", "SNS"],
    }
    assert service.service == "checkout"
    assert outside == {**same, "region": OUTSIDE, "services": ["ROUTE53"]}


@pytest.mark.parametrize(
    ("events", "has"),
    [
        ({}, [True, True]),
        ({"enabled": False}, [False, False]),
        # Of what is switched off, there is something to say.
        ({"health": {"all": {"enabled": False}}}, [True, True]),
    ],
)
def test_whether_there_is_anything_to_say_of_events(events: Any, has: list[bool]) -> None:
    assert both(lambda one: one.has_events, events=events) == has


def part(region: str | None, name: str) -> Any:
    """A component that has alarms in a Region; None for the provider's."""
    metric = Metric(
        namespace="AWS/SNS", name=f"Of{name}", dimensions={"TopicName": "t"}, statistic="Sum"
    )
    return SimpleNamespace(
        region=region,
        name=name,
        incidents=f"incidents of {name}",
        alarm_arns={name: "arn"},
        graphs=f"graphs of {name}",
        metrics=(metric,),
    )


PARTS: Final = [part(None, "a"), part(HOME, "b"), part(OUTSIDE, "c")]


@pytest.mark.parametrize(
    ("region", "paging", "paged"),
    [
        (HOME, "alarm", [[], []]),
        (HOME, "incident", [["a", "b"], ["c"]]),
        # At home there, incidents of outside checks are told at home, as everything else is.
        (OUTSIDE, "incident", [["a", "c"], ["b"]]),
        (None, "incident", [["a"], ["b", "c"]]),
    ],
)
def test_whose_incidents_are_told_where(
    region: str | None, paging: str, paged: list[list[str]]
) -> None:
    alerts = {"paging": paging, "emails": {"critical": ["a@shop.jp"]}}
    found = both(lambda one: [p.name for p in one.paged(PARTS)], region, alerts=alerts)
    assert found == paged


def test_args_of_incidents() -> None:
    alerts = {
        "paging": "incident",
        "depends_on": {"ecs.web": []},
        "emails": {"critical": ["a@shop.jp"]},
    }
    home, outside = both(lambda one: one.incidents(iter(PARTS[:2]), "routing"), alerts=alerts)
    assert home == {
        "incidents": ["incidents of a", "incidents of b"],
        "alarms": [{"a": "arn"}, {"b": "arn"}],
        "routing": "routing",
        "depends_on": {"ecs.web": ()},
        "mutes": {},
        "tags": {"Team": "shop"},
        "runbooks": PAGE,
    }
    # Outside there is nothing to rest on.
    assert outside == {**home, "depends_on": {}}
