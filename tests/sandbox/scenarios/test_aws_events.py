"""A scenario's events: which rules take the recorded shapes, what is sent, and what is a fault."""

import json
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.eventbridge.pattern import EventPatternError, check_pattern, matches
from ecs_monitoring.eventbridge.transformer import InputTransformer
from sandbox.aws_events import DeployedRule, Played, play_events
from sandbox.deployed import Deployed
from sandbox.recorded_events import recorded_events
from sandbox.scenario import ScenarioError
from sandbox.simulate import simulate
from sandbox.verdict import judge, unfired
from tests.sandbox.scenarios.small import alarm, deployed, scenario

REGION = "ap-northeast-1"
TOPIC = "arn:aws:sns:ap-northeast-1:123456789012:alerts-test-warning"
KILLED: dict[str, Any] = recorded_events()["ecs-task-killed-for-memory"].about(
    {"cluster": "c", "service": "s", "account": "123456789012", "region": REGION},
    "2026-01-05T09:20:00Z",
)
FAILOVER: dict[str, Any] = recorded_events()["rds-failover"].about(
    {"instance": "db", "account": "123456789012", "region": REGION}, "2026-01-05T09:20:00Z"
)


def _attached(name: str, prefix: str) -> dict[str, Any]:
    details = {"name": [name], "value": [{"prefix": prefix}]}
    return {"detail": {"attachments": {"details": details}}}


def _either(source_type: str) -> dict[str, Any]:
    return {"$or": [{"source": ["aws.ecs"]}, {"detail": {"SourceType": [source_type]}}]}


def test_a_recorded_event_is_about_the_stacks_own() -> None:
    assert KILLED["detail"]["clusterArn"] == f"arn:aws:ecs:{REGION}:123456789012:cluster/c"
    assert (KILLED["detail"]["group"], KILLED["time"]) == ("service:s", "2026-01-05T09:20:00Z")
    # What is changed of the documented event is changed within its containers as a whole.
    (container,) = KILLED["detail"]["containers"]
    assert container["exitCode"] == 137
    assert "runtimeId" not in container


@pytest.mark.parametrize(
    ("event", "pattern", "taken"),
    [
        # The examples of the page on comparison operators, each over a field of a recorded event.
        # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
        (KILLED, {"detail": {"lastStatus": ["STOPPED"], "launchType": ["FARGATE"]}}, True),
        (KILLED, {"detail": {"lastStatus": ["STOPPED"], "launchType": ["EC2"]}}, False),
        (KILLED, {"detail": {"lastStatus": [{"anything-but": "RUNNING"}]}}, True),
        (KILLED, {"detail": {"lastStatus": [{"anything-but": ["RUNNING", "STOPPED"]}]}}, False),
        (KILLED, {"region": [{"anything-but": {"prefix": "us-"}}]}, True),
        (KILLED, {"region": [{"anything-but": {"prefix": "ap-"}}]}, False),
        (KILLED, {"detail": {"clusterArn": [{"anything-but": {"suffix": "/other"}}]}}, True),
        (KILLED, {"detail": {"clusterArn": [{"anything-but": {"suffix": "/c"}}]}}, False),
        (KILLED, {"detail": {"stopCode": [{"prefix": "Essential"}]}}, True),
        (KILLED, {"detail": {"stopCode": [{"prefix": "essential"}]}}, False),
        (KILLED, {"detail": {"clusterArn": [{"suffix": ":cluster/c"}]}}, True),
        (KILLED, {"detail": {"clusterArn": [{"suffix": ":cluster/"}]}}, False),
        (KILLED, {"detail": {"launchType": [{"equals-ignore-case": "fargate"}]}}, True),
        (KILLED, {"detail": {"launchType": [{"equals-ignore-case": "fargat"}]}}, False),
        (KILLED, {"detail": {"version": [{"numeric": ["=", 4]}]}}, True),
        (KILLED, {"detail": {"version": [{"numeric": [">", 0, "<", 4]}]}}, False),
        # A number in a text is a text.
        (KILLED, {"detail": {"memory": [{"numeric": ["=", 512]}]}}, False),
        (KILLED, {"detail": {"stoppedReason": [{"exists": True}]}}, True),
        (KILLED, {"detail": {"deploymentId": [{"exists": False}]}}, True),
        (KILLED, {"detail": {"deploymentId": [{"exists": True}]}}, False),
        # Within a list of objects, and within lists in these.
        (KILLED, {"detail": {"containers": {"exitCode": [{"numeric": [">", 128]}]}}}, True),
        (
            KILLED,
            {"detail": {"containers": {"exitCode": [137], "reason": [{"prefix": "OutOfMem"}]}}},
            True,
        ),
        (KILLED, {"detail": {"containers": {"exitCode": [137], "name": ["other"]}}}, False),
        (
            KILLED,
            _attached("macAddress", "0a"),
            True,
        ),
        (
            KILLED,
            _attached("subnetId", "0a"),
            False,
        ),
        # A list of texts: one is enough, and anything-but wants one that is something else.
        (FAILOVER, {"detail": {"EventCategories": ["failover", "failure"]}}, True),
        (FAILOVER, {"detail": {"EventCategories": [{"anything-but": "failover"}]}}, False),
        (FAILOVER, {"resources": [{"suffix": ":db:db"}]}, True),
        (FAILOVER, _either("DB_INSTANCE"), True),
        (FAILOVER, _either("CLUSTER"), False),
    ],
)
def test_a_pattern_takes_a_recorded_event_or_does_not(
    event: dict[str, Any], pattern: dict[str, Any], taken: bool
) -> None:
    check_pattern(pattern)
    assert matches(pattern, event) is taken


@pytest.mark.parametrize(
    "comparison",
    [
        # Documented, and not needed here: a rule that used one would be refused before it is made.
        {"prefix": {"equals-ignore-case": "eventb"}},
        {"suffix": {"equals-ignore-case": "tbridge"}},
        {"wildcard": "*/lib/*"},
        {"anything-but": {"wildcard": "*/lib/*"}},
        {"cidr": "10.0.0.0/24"},
    ],
)
def test_what_the_matcher_does_not_know_is_refused(comparison: dict[str, Any]) -> None:
    with pytest.raises(EventPatternError):
        check_pattern({"source": [comparison]})


def _rule(key: str = "ecs.out-of-memory", **changes: Any) -> DeployedRule:
    rule: dict[str, Any] = {
        "key": key,
        "severity": "warning",
        "targets_named": ("web",),
        "pattern": {
            "source": ["aws.ecs"],
            "detail": {"clusterArn": [{"suffix": ":cluster/c"}], "group": ["service:s"]},
        },
        "is_on": True,
        "targets": {TOPIC: InputTransformer({"why": "$.detail.stoppedReason"}, '{"title": <why>}')},
    }
    return DeployedRule(**{**rule, **changes})


def _played(*rules: DeployedRule, **event: Any) -> Played:
    happened = {
        "at": 20,
        "recorded": "ecs-task-killed-for-memory",
        "notifies": ["ecs.out-of-memory"],
        **event,
    }
    return play_events(
        deployed(),
        rules or [_rule()],
        scenario(events=[happened], proves=happened["notifies"]),
        REGION,
    )


def test_a_rule_that_takes_an_event_sends_its_message() -> None:
    played = _played()
    assert (played.faults, played.skipped) == ((), ())
    (sent,) = played.sent
    assert (sent.minute, sent.target, sent.time) == (20, "web", "2026-01-05T09:20:00Z")
    assert json.loads(sent.messages[TOPIC]) == {"title": "Essential container in task exited"}


def test_events_of_which_no_scenario_tells_are_named() -> None:
    told, untold = _rule(), _rule("rds.failover", targets_named=("main",))
    stack = Deployed(alarms={}, filters=())
    wanted = scenario(events=[], proves=[])
    verdict = judge(stack, wanted, simulate(stack, wanted, {}), (), _played(told))
    assert unfired(stack, [verdict], [told, untold]) == ["rds.failover"]


def test_an_event_of_something_else_is_not_taken() -> None:
    quiet = _played(foreign=True, notifies=[])
    assert (quiet.sent, quiet.faults) == ((), ())
    (fault,) = _played(foreign=True).faults
    assert fault == (
        "ecs-task-killed-for-memory of web at minute 20: ecs.out-of-memory told nobody"
    )


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ({"is_on": False}, "ecs.out-of-memory told nobody"),
        ({"pattern": {"source": ["aws.rds"]}}, "ecs.out-of-memory told nobody"),
        (
            {"targets": {TOPIC: InputTransformer({"why": "$.detail.none"}, '{"title": <why>}')}},
            "ecs.out-of-memory@web: ",
        ),
    ],
)
def test_a_rule_that_tells_nobody_is_a_fault(rule: dict[str, Any], fault: str) -> None:
    faults = _played(_rule(**rule)).faults
    assert len(faults) == 1
    assert fault in faults[0]


def test_who_is_told_unexpectedly_or_twice_is_a_fault() -> None:
    (unexpected,) = _played(_rule("ecs.container-exited"), _rule()).faults
    assert unexpected.endswith("ecs.container-exited told of it, and nobody expected it")
    (twice,) = _played(_rule(), _rule()).faults
    assert twice.endswith("ecs.out-of-memory told of it twice")


def test_a_stack_without_the_rule_or_the_target_skips_the_event() -> None:
    assert _played(_rule("ecs.container-exited", is_on=False)).skipped == ("ecs.out-of-memory",)
    other = play_events(
        deployed(alarm("alb.elb-5xx@main")),
        [_rule()],
        scenario(
            events=[{"at": 1, "recorded": "ecs-task-killed-for-memory", "notifies": ["a.b"]}],
            proves=["a.b"],
        ),
        REGION,
    )
    assert (other.sent, other.faults, other.skipped) == ((), (), ("a.b",))


def test_a_rule_for_another_target_is_not_expected_to_take_it() -> None:
    """Such as the storage of Aurora, which is never full."""
    played = _played(_rule(targets_named=("api",), pattern={"source": ["aws.rds"]}))
    assert (played.sent, played.faults) == ((), ())


def test_each_target_has_its_own_event_in_the_order_of_time() -> None:
    web, api = alarm(), alarm("ecs.cpu-high@api")
    assert api.address == AlarmAddress("ecs.cpu-high@api")
    events = [
        {"at": at, "recorded": "ecs-task-killed-for-memory", "notifies": ["ecs.out-of-memory"]}
        for at in (20, 10)
    ]
    played = play_events(
        deployed(web, api),
        [_rule(targets_named=("web", "api"))],
        scenario(events=events, proves=["ecs.out-of-memory"]),
        REGION,
    )
    assert [(sent.minute, sent.target) for sent in played.sent] == [
        (10, "web"),
        (10, "api"),
        (20, "web"),
        (20, "api"),
    ]


def test_an_event_that_is_not_recorded_names_those_that_are() -> None:
    with pytest.raises(ScenarioError, match=r"'ecs-fire' is not recorded: write one of .*rds-fail"):
        _played(recorded="ecs-fire")
