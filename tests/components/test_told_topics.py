"""Which topics an alarm tells: of its severity, of the team that has it, known now or later."""

from collections.abc import Callable
from typing import Any, Final

import pulumi
import pytest

import ecs_monitoring as watch
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, MissingData
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.routing import routing_of
from tests.components.small import RunComponents
from tests.components.test_outputs import later

CRITICAL, WARNING = watch.Severity
CPU: Final = AlarmAddress("ecs.cpu-high@web")
LOST: Final = AlarmAddress("delivery.notifications-failed@pay-warning")
BOTH: Final[dict[str, Any]] = {"critical": ["pager"], "warning": ["mailbox"]}


def route(team: str, alarms: list[str], **topics: Any) -> watch.RouteArgs:
    return watch.RouteArgs(team=team, alarms=alarms, topics=topics)


def numbered(name: str, count: int) -> list[str]:
    return [f"{name}-{number}" for number in range(count)]


# Topics, routes, severity, address, and who is told.
TOLD: Final[dict[str, tuple[Any, Any, watch.Severity, AlarmAddress, list[str]]]] = {
    "the severity's": (BOTH, None, CRITICAL, CPU, ["pager"]),
    "one ARN alone": ({"critical": "pager"}, None, CRITICAL, CPU, ["pager"]),
    "five": ({"warning": numbered("t", 5)}, None, WARNING, CPU, numbered("t", 5)),
    "a team's": (BOTH, [route("pay", ["ecs"], warning=["team"])], WARNING, CPU, ["team"]),
    "another team's": (
        BOTH,
        [route("pay", ["ecs"], warning=["team"]), route("web", ["@web"], warning=["w"])],
        WARNING,
        CPU,
        ["w"],
    ),
    "of a team without the severity": (
        BOTH,
        [route("pay", ["ecs"], warning=["team"])],
        CRITICAL,
        CPU,
        ["pager"],
    ),
    "of a route to others": (
        BOTH,
        [route("pay", ["rds"], warning=["team"])],
        WARNING,
        CPU,
        ["mailbox"],
    ),
    "routes as mappings": (
        BOTH,
        [{"team": "pay", "alarms": ["ecs"], "topics": {"warning": ["team"]}}],
        WARNING,
        CPU,
        ["team"],
    ),
    # What a team has not got is told on its other topic, too.
    "lost by a team": (
        BOTH,
        [route("pay", ["ecs"], warning=["team"], critical=["team pager"])],
        CRITICAL,
        LOST,
        ["pager", "team pager"],
    ),
    "lost by a team, told on what has lost it": (
        BOTH,
        [route("pay", ["ecs"], warning=["team"], critical=["team pager"])],
        WARNING,
        LOST,
        ["mailbox"],
    ),
    "lost by a team with one topic": (
        BOTH,
        [route("pay", ["ecs"], warning=["team"])],
        CRITICAL,
        LOST,
        ["pager"],
    ),
    "lost by a team of a stack without the other topic": (
        {"warning": ["mailbox"]},
        [route("pay", ["ecs"], warning=["team"], critical=["team pager"])],
        CRITICAL,
        LOST,
        ["team pager"],
    ),
    "lost, one ARN alone on each": (
        {"critical": "pager"},
        [route("pay", ["ecs"], critical="team pager")],
        CRITICAL,
        LOST,
        ["pager", "team pager"],
    ),
    "lost, each once": (
        BOTH,
        [route("pay", ["ecs"], critical=["team pager", "pager"])],
        CRITICAL,
        LOST,
        ["pager", "team pager"],
    ),
    "lost, as many as an alarm takes": (
        {"critical": numbered("t", 3)},
        [route("pay", ["ecs"], critical=numbered("u", 3))],
        CRITICAL,
        LOST,
        [*numbered("t", 3), "u-0", "u-1"],
    ),
    "lost by the stack": (
        BOTH,
        [route("pay", ["ecs"], critical=["team pager"])],
        CRITICAL,
        AlarmAddress("delivery.notifications-failed@warning"),
        ["pager"],
    ),
}


def outputs(value: Any) -> Any:
    """Each list of topics as an Output."""
    return {severity: later(topics) for severity, topics in value.items()}


@pytest.mark.parametrize(
    ("topics", "routes", "severity", "address", "told"), TOLD.values(), ids=TOLD
)
def test_who_is_told(
    topics: Any, routes: Any, severity: watch.Severity, address: AlarmAddress, told: list[str]
) -> None:
    routing = watch.RoutingArgs(topics=topics, routes=routes)
    assert routing.topics_of(severity, address) == told


AS_OUTPUTS: Final[dict[str, Callable[[Any, Any], watch.RoutingArgs]]] = {
    "topics": lambda topics, routes: watch.RoutingArgs(topics=later(topics), routes=routes),
    "routes": lambda topics, routes: watch.RoutingArgs(topics=topics, routes=later(routes)),
    "each severity's": lambda topics, routes: watch.RoutingArgs(
        topics=outputs(topics), routes=routes
    ),
    "all": lambda topics, routes: routing_of(
        later(watch.RoutingArgs(topics=topics, routes=routes))
    ),
    "a mapping": lambda topics, routes: routing_of(later({"topics": topics, "routes": routes})),
}


@pytest.mark.parametrize("made", AS_OUTPUTS.values(), ids=AS_OUTPUTS)
def test_the_same_are_told_where_topics_are_known_later(
    run_components: RunComponents, made: Callable[[Any, Any], watch.RoutingArgs]
) -> None:
    def program() -> None:
        for name, (topics, routes, severity, address, _) in TOLD.items():
            pulumi.export(name, made(topics, routes).topics_of(severity, address))

    exported = run_components(program).exports
    assert exported == {name: told for name, (*_, told) in TOLD.items()}


def test_a_teams_topics_may_be_known_later_than_the_stacks(run_components: RunComponents) -> None:
    def program() -> None:
        team = watch.RouteArgs(team="pay", alarms=["ecs"], topics=outputs({"critical": ["t"]}))
        routing = watch.RoutingArgs(topics=BOTH, routes=[team])
        pulumi.export("told", routing.topics_of(CRITICAL, LOST))
        pulumi.export("own", routing.topics_of(CRITICAL, CPU))

    assert run_components(program).exports == {"told": ["pager", "t"], "own": ["t"]}


@pytest.mark.parametrize(
    ("topics", "routes", "message", "field"),
    [
        (
            {"warning": ["mailbox"]},
            None,
            "routing.topics has no topic for critical alarms such as ecs.cpu-high@web (severities "
            "with topics: warning)",
            "routing.topics",
        ),
        (
            {},
            None,
            "routing.topics has no topic for critical alarms such as ecs.cpu-high@web (severities "
            "with topics: none)",
            "routing.topics",
        ),
        (
            {"critical": numbered("t", 6)},
            None,
            "routing.topics has 6 topics for critical alarms: an alarm has at most 5 actions",
            "routing.topics",
        ),
        (
            BOTH,
            [route("pay", ["ecs"], critical=["a"]), route("web", ["ecs"], critical=["b"])],
            "routing.routes: ecs.cpu-high@web belongs to pay (ecs) as much as to web (ecs): write "
            "a more exact one, such as ecs.cpu-high@web, for whoever is to be told",
            "routing.routes",
        ),
    ],
)
def test_topics_that_cannot_be(topics: Any, routes: Any, message: str, field: str) -> None:
    with pytest.raises(watch.InvalidArgsError) as refusal:
        watch.RoutingArgs(topics=topics, routes=routes).topics_of(CRITICAL, CPU)
    assert (str(refusal.value), refusal.value.field) == (message, field)


def rule(severity: watch.Severity) -> AlarmRule:
    return AlarmRule(
        key="ecs.cpu-high",
        target="web",
        name="cpu",
        title="CPU high",
        meaning="it is short of CPU.",
        severity=severity,
        signal=Metric(namespace="AWS/ECS", name="CPUUtilization", statistic="Average"),
        comparison=Comparison.ABOVE,
        threshold=80,
        unit=Unit.PERCENT,
        period=300,
        evaluation_periods=1,
        treat_missing_data=MissingData.MISSING,
    )


@pytest.mark.parametrize(
    ("paging", "severity", "recovering", "told", "recovered"),
    [
        (None, CRITICAL, None, ["pager"], None),
        ("alarm", CRITICAL, ["critical"], ["pager"], ["pager"]),
        ("alarm", CRITICAL, ["warning"], ["pager"], None),
        ("alarm", WARNING, ["warning"], ["mailbox"], ["mailbox"]),
        # Where incidents page, every alarm tells the warning topic, of its recovery, too.
        ("incident", CRITICAL, ["critical"], ["mailbox"], None),
        ("incident", CRITICAL, ["warning"], ["mailbox"], ["mailbox"]),
        ("incident", WARNING, [], ["mailbox"], None),
    ],
)
def test_actions_of_a_metric_alarm(
    run_components: RunComponents,
    paging: str | None,
    severity: watch.Severity,
    recovering: list[str] | None,
    told: list[str],
    recovered: list[str] | None,
) -> None:
    plain = watch.RoutingArgs(topics=BOTH, paging=paging, notify_on_recovery=recovering)
    assert plain.alarm_actions(rule(severity)) == told
    assert plain.ok_actions(rule(severity)) == recovered

    def program() -> None:
        for name, given in (
            ("paging", watch.RoutingArgs(**{**vars(plain), "paging": later(paging)})),
            ("all", routing_of(later(plain))),
        ):
            pulumi.export(
                name, [given.alarm_actions(rule(severity)), given.ok_actions(rule(severity))]
            )

    exported = run_components(program).exports
    assert exported["paging"] == [told, recovered]
    # Of what is known later, nothing is an empty list.
    assert exported["all"] == [told, recovered or []]
