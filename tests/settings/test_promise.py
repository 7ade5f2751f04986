"""Whatever settings validate: every alarm has both sides, names that exist, and a reader."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.rules import KINDS, RULES
from settings import SettingsError
from stack.program import ProgramRun
from tests.components.registered import ALARM, SUBSCRIPTION
from tests.settings.both_sides import missing_sides
from tests.settings.refusal import run_changed, run_or_refused, stack_config
from tests.settings.strategies import ACCOUNT, MISSING_DATA, SEVERITIES, elb, fields, stacks

REGION = "ap-northeast-1"

GRAMMAR = {
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html
    "ClusterName": r"[A-Za-z0-9_-]{1,255}",
    "ServiceName": r"[A-Za-z0-9_-]{1,255}",
    # "a maximum of 32 characters, can contain only alphanumeric characters and hyphens, must not
    # begin or end with a hyphen, and must not begin with internal-":
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    "LoadBalancer": r"app/(?!internal-)(?=[^/]{1,32}/)[A-Za-z0-9]+(-+[A-Za-z0-9]+)*/[0-9a-f]+",
    "TargetGroup": r"targetgroup/(?=[^/]{1,32}/)[A-Za-z0-9]+(-+[A-Za-z0-9]+)*/[0-9a-f]+",
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
    "DBInstanceIdentifier": r"(?=.{1,63}$)[a-z](-?[a-z0-9])*",
    # https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHealthCheck.html; the test
    # runtime makes ids of its own.
    "HealthCheckId": r"[\w.-]{1,200}",
    # https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
    "TopicName": r"[A-Za-z0-9_-]{1,256}",
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
    "QueueName": r"[A-Za-z0-9_-]{1,80}",
    # https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
    "RuleName": r"[.A-Za-z0-9_-]{1,64}",
    # The Django package's own; what CloudWatch takes: printable ASCII, blanks within it.
    "Service": r"[!-~]([ -~]*[!-~])?",
}

# What people copy from where the things stand, instead of their names.
_ODD_NAMES = st.sampled_from(
    (
        *("prod/api", "API", "a b", "-a", "a-", "a" * 300, "wéb", "x.y", " web", "db--1", "1db"),
        *("db-ABCDEFGHIJKLMNOPQRSTUVWXYZ", "main.abc123.ap-northeast-1.rds.amazonaws.com"),
        *("Main-DB", "internal-alb", "app/internal-x/0123456789abcdef", "app/a b/01234567"),
        *("app/x/zz zz", "targetgroup/-x/01234567", "net/x/0123456789abcdef", "app/x/0123456789"),
        f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/main",
        f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/main/api",
        f"arn:aws:rds:{REGION}:{ACCOUNT}:db:main",
        f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/ecs/api:*",
        elb("loadbalancer/app/web/0123456789abcdef", REGION),
        elb("targetgroup/web/0123456789abcdef", REGION),
    )
)

_ODD_ADDRESSES = st.sampled_from(
    (
        *("https://hooks.slack.com/services/T0/B0/x", "https://events.pagerduty.com/v2/enqueue"),
        *("https://discord.com/api/webhooks/1/x", "https://chat.googleapis.com/v1/spaces/x"),
        *("https://10.0.0.1/x", "https://localhost/x", "https://alerts.internal/x"),
        "https://events.pagerduty.com/integration/0123456789abcdef/enqueue",
    )
)
NEVER_CONFIRM = re.compile(
    r"https://(hooks\.slack\.com|discord\.com|chat\.googleapis\.com|10\.|localhost|[^/]*\.internal"
    r"|events\.pagerduty\.com/v2)"
)

_THRESHOLDS = st.sampled_from(
    (
        *(-1, 0, 0.5, 1, 2, 5, 19, 20, 50, 99, 100, 101, 1000, 10**6, 1e300),
        *(2**30, 2**31, 2**33, 2**36),
    )
)
# CPU credits come every five minutes, so that some windows hold one datapoint of five.
_WINDOWS = st.sampled_from(((60, 1), (60, 2), (60, 5), (300, 1), (300, 3), (3600, 2), (86_400, 1)))

# Nights, weekends, and nearly all of the time.
_OFF_HOURS = st.sampled_from(
    (
        ("cron(0 20 ? * MON-FRI *)", "cron(0 7 ? * MON-FRI *)"),
        ("cron(0 20 ? * FRI *)", "cron(0 7 ? * MON *)"),
        ("cron(5 0 ? * MON-SUN *)", "cron(0 0 ? * MON-SUN *)"),
        ("cron(1 0 ? * MON *)", "cron(0 0 ? * MON *)"),
    )
)

# What rests with its target. Between two nights there are 13 hours.
_RESTING = {
    "ecs": "ecs.tasks-low",
    "alb": "alb.elb-5xx",
    "rds": "rds.no-data",
    "health": "health.endpoint-down",
}
_LONG_WINDOWS = st.sampled_from(((300, 156), (300, 157), (3600, 11), (3600, 13), (3600, 14)))

# Just beyond what a metric can be, and just within it: credits of a day, all of the memory, an
# Aurora class's local storage, sessions, idle timeouts, hosts, what silence never ends.
_BOUNDS: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "rds": tuple(
        (f"rds.{rule}", {"threshold": threshold})
        for rule, thresholds in {
            "cpu-credits": (288, 289, 576, 577),
            "memory-low": (2**30 - 1, 2**30, 2**31, 2**33),
            "local-storage-low": (2**36, 2**42),
            "db-load": (262_142, 262_143),
        }.items()
        for threshold in thresholds
    ),
    "alb": tuple(
        (f"alb.{rule}", {"threshold": threshold})
        for rule, thresholds in {
            "latency-p99": (4000, 4001),
            "no-healthy-hosts": (10_000, 10_001),
            "unhealthy-hosts": (10_000, 10_001),
        }.items()
        for threshold in thresholds
    ),
}
_LOST: tuple[tuple[str, dict[str, Any]], ...] = (
    ("delivery.notifications-failed", {"treat_missing_data": "ignore"}),
    ("delivery.dead-letters", {"treat_missing_data": "ignore"}),
)

# Hours from which on, and how many, each day.
_MUTES = st.sampled_from(
    (
        *(((0, 12), (12, 12)), ((0, 13), (12, 12)), ((18, 15), (8, 10))),
        *(((0, 12), (12, 11)), ((0, 23),), ((20, 11),)),
    )
)


@st.composite
def _override(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = draw(
        fields(
            {},
            threshold=_THRESHOLDS,
            treat_missing_data=MISSING_DATA,
            severity=SEVERITIES,
            enabled=st.just(True),
        )
    )
    if draw(st.booleans()):
        found["period"], found["evaluation_periods"] = draw(_WINDOWS)
        found["datapoints_to_alarm"] = draw(st.integers(1, found["evaluation_periods"]))
    return found or {"enabled": True}


@st.composite
def odd_stacks(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Settings of which some are refused: any override of any rule, and names of any form."""
    chosen: dict[str, Any] = draw(stacks(REGION, (kind,)))
    addresses = [
        address
        for key in RULES
        if key.startswith(f"{kind}.")
        for address in (key, *(f"{key}@{name}" for name in chosen[kind]))
    ]
    addresses += [key for key in RULES if key.startswith("delivery.")]
    chosen["alarms"] = draw(st.dictionaries(st.sampled_from(addresses), _override(), max_size=2))
    target = chosen[kind][draw(st.sampled_from(sorted(chosen[kind])))]
    if draw(st.integers(0, 3)) == 0:
        names = sorted({"cluster", "service", "load_balancer", "instance", "group"} & set(target))
        if names:
            target[draw(st.sampled_from(names))] = draw(_ODD_NAMES)
    if kind in _RESTING and draw(st.booleans()):
        target["off_hours"] = dict(zip(("stop", "start"), draw(_OFF_HOURS), strict=True))
        window = zip(("period", "evaluation_periods"), draw(_LONG_WINDOWS), strict=True)
        chosen["alarms"][_RESTING[kind]] = dict(window)
    if draw(st.booleans()):
        key, change = draw(st.sampled_from((*_BOUNDS.get(kind, ()), *_LOST)))
        chosen["alarms"][key] = change
    if "allocated_storage_gib" in target and draw(st.booleans()):
        # All of the volume, or all but a byte.
        whole = target["allocated_storage_gib"] * 2**30
        chosen["alarms"]["rds.storage-low"] = {"threshold": whole - draw(st.integers(0, 1))}
    if draw(st.integers(0, 2)) == 0:
        chosen["alerts"]["mutes"] = {
            f"window-{number}": {"schedule": f"cron(0 {hour} * * *)", "duration": f"{hours}h"}
            for number, (hour, hours) in enumerate(draw(_MUTES))
        }
    if draw(st.integers(0, 3)) == 0:
        chosen["alerts"]["webhooks"] = {draw(SEVERITIES): {"odd": draw(_ODD_ADDRESSES)}}
    return chosen


def _metrics(alarm: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    queries = alarm.get("metricQueries")
    yield from (query["metric"] for query in queries if "metric" in query) if queries else (alarm,)


def wrong_names(alarm: Mapping[str, Any]) -> list[str]:
    """The dimensions of an alarm that no metric of AWS has."""
    return [
        f"{name}={value!r}"
        for metric in _metrics(alarm)
        for name, value in (metric.get("dimensions") or {}).items()
        if not re.fullmatch(GRAMMAR[name], value)
    ]


def unheard(run: ProgramRun, chosen: Mapping[str, Any]) -> list[str]:
    """The alarms of which nobody is told, neither by a notification nor by a warning before."""
    existing = {topic for topics in chosen["alerts"].get("topics", {}).values() for topic in topics}
    told = {
        subscription.inputs["topic"]
        for subscription in run.of_type(SUBSCRIPTION)
        if not NEVER_CONFIRM.match(subscription.inputs["endpoint"])
    }
    silent = not hours_that_stay(chosen["alerts"].get("mutes", {}))
    return [
        alarm.inputs["name"]
        for alarm in run.of_type(ALARM)
        if silent
        or (
            not (told | existing) & set(alarm.inputs["alarmActions"])
            and not any(
                f"nobody is notified of {alarm.inputs['tags']['Severity']} alarms" in warning
                for warning in run.warnings
            )
        )
    ]


def hours_that_stay(mutes: Mapping[str, Mapping[str, str]]) -> set[int]:
    """The hours of a day in which no window lies, of such as are drawn."""
    muted = {
        (int(mute["schedule"].split()[1]) + hour) % 24
        for mute in mutes.values()
        for hour in range(int(mute["duration"].removesuffix("h")))
    }
    return set(range(24)) - muted


def assert_promised(run: ProgramRun, chosen: Mapping[str, Any]) -> Counter[str]:
    """Hold every alarm of a run to the promise; how many of each key there were."""
    keys: Counter[str] = Counter()
    for alarm in run.of_type(ALARM):
        address = AlarmAddress.from_tags(alarm.inputs["tags"])
        # The notifications are watched in every stack, and no setting says of them what they are.
        target = {} if address.kind == "delivery" else chosen[address.kind][address.target]
        assert missing_sides(alarm.inputs, address.kind, target) == [], (address, alarm.inputs)
        assert wrong_names(alarm.inputs) == [], address
        keys[address.key] += 1
    assert unheard(run, chosen) == []
    return keys


@pytest.mark.parametrize("kind", [kind.key for kind in KINDS if kind.key != "delivery"])
def test_every_alarm_that_validates_has_two_sides_true_names_and_a_reader(kind: str) -> None:
    seen: Counter[str] = Counter()

    @given(chosen=odd_stacks(kind))
    @settings(
        # Of those that are accepted: what is refused is another try.
        max_examples=8,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
        ],
        database=None,
    )
    def hold(chosen: dict[str, Any]) -> None:
        answer = run_or_refused(stack_config(chosen, region=REGION))
        assume(not isinstance(answer, SettingsError))
        assert not isinstance(answer, SettingsError)
        seen.update(assert_promised(answer, chosen))

    hold()
    assert sum(seen.values()) >= 3, seen
    assert {key.partition(".")[0] for key in seen} - {"delivery"} == {kind}


def test_the_promise_can_be_broken() -> None:
    """What the property holds alarms to is seen where it does not hold."""
    run = run_changed("alerts.emails={critical: [a@example.jp], warning: [b@example.jp]}")
    (cpu,) = [a for a in run.of_type(ALARM) if a.inputs["tags"]["AlarmKey"] == "ecs.cpu-high"]
    target = {"cluster": "c", "service": "s"}
    assert missing_sides({**cpu.inputs, "threshold": 101}, "ecs", target) == ["ALARM"]
    assert missing_sides({**cpu.inputs, "threshold": 0}, "ecs", target) == ["OK"]
    named = {**cpu.inputs, "dimensions": {"ClusterName": "arn:aws:ecs:x", "ServiceName": "a/b"}}
    assert len(wrong_names(named)) == 2
    deaf = replace(run, registrations=tuple(r for r in run.registrations if r.type != SUBSCRIPTION))
    assert len(unheard(deaf, {"alerts": {}})) == len(run.of_type(ALARM)) > 0
