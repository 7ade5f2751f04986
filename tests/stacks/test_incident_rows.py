"""Composite alarms and windows of silence as rows, from what a run registers."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.mute import MuteSchedule
from stack.definitions import alarm_previews
from stack.incidents import IncidentPreview, incident_previews
from stack.mutes import MUTE_RULE, MutePreview, mute_previews
from stack.program import Registration
from stack.resource_types import TOPIC
from tests.registrations import composite_alarm, metric_alarm, registered, run_of, topic_arn

CRITICAL = topic_arn("shop-critical")


def arn(address: str) -> str:
    return f"arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:shop-prod-{address}"


def any_of(*addresses: str) -> str:
    return " OR ".join(f'ALARM("shop-prod-{address}")' for address in addresses)


def waiting(suppressor: str, wait: float, extension: float) -> dict[str, Any]:
    alarm = {"alarm": suppressor, "waitPeriod": wait, "extensionPeriod": extension}
    return {"actionsSuppressor": alarm}


ALARMS = (
    metric_alarm("rds.cpu-high@main", "warning"),
    metric_alarm("rds.storage-low@main", "critical"),
    metric_alarm("ecs.tasks-low@web", "critical"),
    metric_alarm("alb.unhealthy-hosts@shop/web", "critical"),
)
DATABASE = composite_alarm(
    "incident.rds@main",
    "critical",
    # Of what rests on it, too, by a rule of its own: only what is the database's counts.
    f'{any_of("rds.storage-low@main")} OR ALARM("shop-prod-signs.rds@main")',
    CRITICAL,
)
SIGNS = composite_alarm(
    "signs.rds@main",
    "",
    any_of("rds.cpu-high@main", "ecs.tasks-low@web", "gone.x@main", "rds.storage-low@main"),
)
SERVICE = composite_alarm(
    "incident.ecs@web",
    "critical",
    any_of("ecs.tasks-low@web"),
    CRITICAL,
    topic_arn("shop-data-critical"),
    # By ARN, as it is registered.
    **waiting(arn("incident.rds@main"), 120.0, 60.0),
)
BALANCER = composite_alarm(
    "incident.alb@shop",
    "critical",
    any_of("alb.unhealthy-hosts@shop/web"),
    CRITICAL,
    region="us-east-1",
    **waiting("shop-prod-causes", 180.0, 90.0),
)
CAUSES = composite_alarm("causes", "", any_of("incident.rds@main", "incident.ecs@web"))
RUN = run_of(*ALARMS, BALANCER, SERVICE, CAUSES, SIGNS, DATABASE)

DATABASE_ROW = IncidentPreview(
    address=AlarmAddress("incident.rds@main"),
    name="shop-prod-incident.rds@main",
    critical=("rds.storage-low@main",),
    signs=("rds.cpu-high@main",),
    silent_for=(),
    wait_period=0,
    extension_period=0,
    topics=("shop-critical",),
    region="",
    description="several alarms",
    paged_within=0,
)
SERVICE_ROW = replace(
    DATABASE_ROW,
    address=AlarmAddress("incident.ecs@web"),
    name="shop-prod-incident.ecs@web",
    critical=("ecs.tasks-low@web",),
    signs=(),
    silent_for=("incident.rds@main",),
    wait_period=120,
    extension_period=60,
    topics=("shop-critical", "shop-data-critical"),
    paged_within=120,
)


def test_what_pages_and_what_it_is_silent_for() -> None:
    balancer = replace(
        DATABASE_ROW,
        address=AlarmAddress("incident.alb@shop"),
        name="shop-prod-incident.alb@shop",
        critical=("alb.unhealthy-hosts@shop/web",),
        signs=(),
        silent_for=("incident.rds@main", "incident.ecs@web"),
        wait_period=180,
        extension_period=90,
        region="us-east-1",
        # Its own wait, and after it that of the service.
        paged_within=300,
    )
    # Causes first, though they were registered last.
    assert incident_previews(RUN) == [DATABASE_ROW, SERVICE_ROW, balancer]


def test_incidents_that_rest_on_as_many_are_by_address() -> None:
    made = [composite_alarm(f"incident.x@{n}", "critical", "FALSE", CRITICAL) for n in "cab"]
    addresses = [row.address for row in incident_previews(run_of(*made))]
    assert addresses == ["incident.x@a", "incident.x@b", "incident.x@c"]


def test_a_suppressor_that_the_stack_has_not_is_no_incident() -> None:
    made = composite_alarm(
        "incident.x@a", "critical", "FALSE", CRITICAL, **waiting("deployment", 1.0, 2.0)
    )
    (row,) = incident_previews(run_of(made))
    assert (row.silent_for, row.wait_period, row.extension_period) == ((), 1, 2)


def test_the_row_of_an_incident_for_scripts() -> None:
    assert SERVICE_ROW.as_json() == {
        "address": "incident.ecs@web",
        "name": "shop-prod-incident.ecs@web",
        "critical": ("ecs.tasks-low@web",),
        "signs": (),
        "silent_for": ("incident.rds@main",),
        "wait_period": 120,
        "extension_period": 60,
        "topics": ("shop-critical", "shop-data-critical"),
        "region": "",
        "description": "several alarms",
        "paged_within": 120,
    }


def mute(window: str, of: str, *alarms: str, expression: str = "cron(0 2 * * SUN)") -> Registration:
    inputs = {
        "name": f"shop-prod-mute-{window}--{of}",
        "tags": {"Mute": window},
        "rule": {
            "schedule": {"expression": expression, "duration": "PT2H", "timezone": "Asia/Tokyo"}
        },
        "muteTargets": {"alarmNames": [f"shop-prod-{alarm}" for alarm in alarms]},
    }
    return registered(MUTE_RULE, f"{window}-{of}", inputs)


SUNDAYS = MuteSchedule(expression="cron(0 2 * * SUN)", duration=7200, timezone="Asia/Tokyo")


def test_windows_by_name_each_over_all_its_rules() -> None:
    run = run_of(
        *ALARMS,
        DATABASE,
        mute("sundays", "rds", "rds.cpu-high@main", "incident.rds@main", "gone"),
        mute("sundays", "ecs", "ecs.tasks-low@web"),
        mute("move", "ecs", "ecs.tasks-low@web", expression="at(2027-01-31T22:00)"),
        registered(TOPIC, "other", {}),
    )
    move, sundays = mute_previews(run, alarm_previews(run, ()))
    assert move == MutePreview(
        name="move",
        schedule=replace(SUNDAYS, expression="at(2027-01-31T22:00)"),
        rules={"shop-prod-mute-move--ecs": ("ecs.tasks-low@web",)},
    )
    assert sundays == MutePreview(
        name="sundays",
        schedule=SUNDAYS,
        rules={
            "shop-prod-mute-sundays--ecs": ("ecs.tasks-low@web",),
            "shop-prod-mute-sundays--rds": (
                "rds.cpu-high@main",
                "incident.rds@main",
                # An alarm that nobody registered has no address.
                "shop-prod-gone",
            ),
        },
    )
    assert list(sundays.rules) == ["shop-prod-mute-sundays--ecs", "shop-prod-mute-sundays--rds"]
    assert sundays.as_json() == {
        "name": "sundays",
        "schedule": "cron(0 2 * * SUN)",
        "duration_seconds": 7200,
        "timezone": "Asia/Tokyo",
        "alarms": [
            "ecs.tasks-low@web",
            "rds.cpu-high@main",
            "incident.rds@main",
            "shop-prod-gone",
        ],
        "rules": {name: list(addresses) for name, addresses in sundays.rules.items()},
    }


@pytest.mark.parametrize(
    ("now", "words"),
    [
        # 2 o'clock on Sunday 31 January 2027 in Tokyo is 17:00 on Saturday in UTC.
        ("2027-01-30T16:59:59", "2027-01-30T17:00:00Z to 2027-01-30T19:00:00Z"),
        ("2027-01-30T17:00:00", "now, until 2027-01-30T19:00:00Z"),
        ("2027-01-30T18:59:59", "now, until 2027-01-30T19:00:00Z"),
        ("2027-01-30T19:00:00", "2027-02-06T17:00:00Z to 2027-02-06T19:00:00Z"),
    ],
)
def test_the_next_window_in_words(now: str, words: str) -> None:
    at = int(datetime.fromisoformat(f"{now}+00:00").timestamp())
    assert MutePreview(name="s", schedule=SUNDAYS, rules={}).next_in_words(at) == words


def test_a_window_that_is_over() -> None:
    once = replace(SUNDAYS, expression="at(2027-01-31T22:00)")
    at = int(datetime.fromisoformat("2027-02-01T00:00+09:00").timestamp())
    assert MutePreview(name="s", schedule=once, rules={}).next_in_words(at) == "over"
