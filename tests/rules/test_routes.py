"""Which team is told of an alarm: the most exact of the patterns that match it."""

from collections.abc import Mapping

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.rules.routes import AlarmPattern, AmbiguousRouteError, team_of

CPU = AlarmAddress("ecs.cpu-high@payments")
HOSTS = AlarmAddress("alb.unhealthy-hosts@main/web")
INCIDENT = AlarmAddress("incident.rds@main")
FORESEEN = AlarmAddress("incident.rds@main/foreseen")


@pytest.mark.parametrize(
    ("pattern", "address", "matches"),
    [
        ("ecs", CPU, True),
        ("rds", CPU, False),
        ("ec", CPU, False),
        ("ecs.cpu-high", CPU, True),
        ("ecs.cpu", CPU, False),
        ("ecs.cpu*", CPU, True),
        ("*", CPU, True),
        ("@payments", CPU, True),
        ("@pay", CPU, False),
        ("@pay*", CPU, True),
        ("ecs@payments", CPU, True),
        ("alb@payments", CPU, False),
        ("*.cpu-high@payments", CPU, True),
        ("ecs.cpu-high@payments", CPU, True),
        ("ecs.cpu-high@web", CPU, False),
        ("@main", HOSTS, True),
        ("@main/web", HOSTS, True),
        ("@main/api", HOSTS, False),
        ("@main/*", HOSTS, True),
        # A target is no part: the same word means another thing there.
        ("@web", HOSTS, False),
        # An incident by its address, and as one of its target's kind.
        ("incident.rds", INCIDENT, True),
        ("incident.rds@main", INCIDENT, True),
        ("incident", INCIDENT, True),
        ("incident.ecs", INCIDENT, False),
        ("incident.rds", AlarmAddress("rds.cpu-high@main"), False),
        ("rds", INCIDENT, True),
        ("rds@main", INCIDENT, True),
        ("ecs", INCIDENT, False),
        ("rds", FORESEEN, True),
        ("incident.rds@main", FORESEEN, True),
        ("incident.rds@main/foreseen", FORESEEN, True),
        ("incident.rds@main/foreseen", INCIDENT, False),
    ],
)
def test_what_a_pattern_matches(pattern: str, address: AlarmAddress, matches: bool) -> None:
    assert AlarmPattern.parse(pattern).matches(address) is matches


@pytest.mark.parametrize(
    "text", ["", "@", ".cpu-high", "ecs.", "ecs cpu", "ecs.cpu@a@b", "ecs?", "[a]"]
)
def test_what_is_no_pattern(text: str) -> None:
    with pytest.raises(ValueError, match="names no alarms: write a kind"):
        AlarmPattern.parse(text)


@pytest.mark.parametrize(
    ("routes", "team"),
    [
        ({"a": ["rds"]}, None),
        ({}, None),
        ({"a": ["ecs"]}, "a"),
        # From the least exact to the most: each wins over all before it.
        ({"a": ["*"], "b": ["ecs"]}, "b"),
        ({"a": ["ecs"], "b": ["ecs.cpu-*"]}, "b"),
        ({"a": ["ecs.cpu-*"], "b": ["ecs.cpu-high"]}, "b"),
        ({"a": ["ecs.cpu-high"], "b": ["@pay*"]}, "b"),
        ({"a": ["@pay*"], "b": ["@payments"]}, "b"),
        ({"a": ["@payments"], "b": ["ecs@payments"]}, "b"),
        ({"a": ["ecs@payments"], "b": ["ecs.cpu-high@payments"]}, "b"),
        # The order in which they are written says nothing: config mappings have none.
        ({"a": ["ecs.cpu-high@payments"], "b": ["ecs@payments"]}, "a"),
        # A team is no rival of itself.
        ({"a": ["ecs", "e*s", "ecs"]}, "a"),
        # A tie between two is no tie where a third is more exact.
        ({"a": ["ecs"], "b": ["ecs"], "c": ["@payments"]}, "c"),
    ],
)
def test_the_most_exact_route_wins(routes: Mapping[str, list[str]], team: str | None) -> None:
    assert team_of(routes, CPU) == team


def test_a_part_of_a_target_wins_over_the_target() -> None:
    routes = {"a": ["alb.unhealthy-hosts@main"], "b": ["@main/web"]}
    assert team_of(routes, HOSTS) == "b"


def test_two_routes_that_are_as_exact_are_told_apart_by_whoever_wrote_them() -> None:
    with pytest.raises(AmbiguousRouteError) as error:
        team_of({"a": ["ecs.cpu-*"], "b": ["ecs.*-high"]}, CPU)
    assert str(error.value) == (
        "ecs.cpu-high@payments belongs to a (ecs.cpu-*) as much as to b (ecs.*-high): write a more "
        "exact one, such as ecs.cpu-high@payments, for whoever is to be told"
    )
    assert error.value.teams == ("a", "b")
