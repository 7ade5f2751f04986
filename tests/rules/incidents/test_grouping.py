"""Which alarms are one incident, who is silent for whom, and for how long."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules.incidents import IncidentGroup, IncidentPart, Member, incident_groups
from ecs_monitoring.rules.layer import Layer

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING


def member(address: str, severity: Severity = CRITICAL, **changes: Any) -> Member:
    """One datapoint of a minute, whose data may be two minutes late."""
    fields = {
        "address": address,
        "name": f"shop-test-{address}",
        "severity": severity,
        "title": "t",
        "runbook": "r",
        "period": 60,
        "evaluation_periods": 1,
        "datapoints_to_alarm": 1,
        "longest_delay": 120,
        **changes,
    }
    return Member(**fields)


LAYERS = {"rds": Layer.DATASTORE, "ecs": Layer.TASKS, "logs": Layer.LOG, "alb": Layer.ENTRANCE}


def part(kind: str, *members: Member, targets: tuple[str, ...] = ("main",)) -> IncidentPart:
    return IncidentPart(
        component=kind,
        kind=kind,
        layer=LAYERS.get(kind),
        targets=targets,
        members=members,
    )


def grouped(*parts: IncidentPart, **depends_on: list[str]) -> dict[str, IncidentGroup]:
    named = {key.replace("_", "."): value for key, value in depends_on.items()}
    return {group.key: group for group in incident_groups(parts, named)}


RDS = part("rds", member("rds.full@main"))
ECS = part("ecs", member("ecs.short@main"))
ALB = part("alb", member("alb.errors@main"))


def names(groups: tuple[IncidentGroup, ...]) -> list[str]:
    return [group.key for group in groups]


def test_each_layer_is_silent_for_those_below() -> None:
    groups = grouped(ALB, RDS, ECS)
    assert list(groups) == ["rds.main", "ecs.main", "alb.main"]
    assert names(groups["rds.main"].causes) == []
    assert names(groups["ecs.main"].causes) == ["rds.main"]
    assert names(groups["alb.main"].causes) == ["rds.main", "ecs.main"]
    assert sorted(names(groups["rds.main"].symptoms)) == ["alb.main", "ecs.main"]


def test_targets_of_a_layer_say_nothing_of_each_other() -> None:
    two = part("rds", member("rds.full@main"), member("rds.full@other"), targets=("main", "other"))
    groups = grouped(two, ECS)
    assert names(groups["rds.main"].causes) == []
    assert names(groups["ecs.main"].causes) == ["rds.main", "rds.other"]


def test_what_a_target_depends_on_replaces_its_layer_and_goes_on_below() -> None:
    two = part("rds", member("rds.full@a"), member("rds.full@b"), targets=("a", "b"))
    groups = grouped(two, ECS, ALB, ecs_main=["rds.a"], alb_main=["ecs.main"])
    assert names(groups["ecs.main"].causes) == ["rds.a"]
    assert names(groups["alb.main"].causes) == ["rds.a", "ecs.main"]


def test_a_target_that_depends_on_nothing_pages_at_once() -> None:
    group = grouped(RDS, ALB, alb_main=[])["alb.main"]
    assert (names(group.causes), group.wait_period, group.extension_period) == ([], 0, 0)


def test_a_kind_without_a_layer_stands_alone() -> None:
    groups = grouped(part("queue", member("queue.full@main")), RDS, ALB)
    assert names(groups["queue.main"].causes) == names(groups["queue.main"].symptoms) == []
    assert names(groups["alb.main"].causes) == ["rds.main"]


@pytest.mark.parametrize(
    ("depends_on", "message"),
    [
        ({"alb_main": ["rds.mian"]}, 'unknown target "rds.mian"; did you mean "rds.main"?'),
        ({"alb_mian": []}, 'unknown target "alb.mian"; did you mean "alb.main"?'),
        ({"rds_main": ["alb.main"]}, "rds.main depends on alb.main depends on rds.main"),
        ({"rds_main": ["rds.main"]}, "rds.main depends on rds.main"),
    ],
)
def test_dependencies_that_cannot_be(depends_on: dict[str, list[str]], message: str) -> None:
    with pytest.raises(InvalidValueError, match=message.replace("?", r"\?")):
        grouped(RDS, ALB, **depends_on)


def test_without_a_critical_alarm_there_is_no_incident() -> None:
    warned = part("alb", member("alb.slow@main", WARNING))
    assert list(grouped(warned, RDS)) == ["rds.main"]
    assert grouped(part("rds", member("rds.slow@main", WARNING)), warned) == {}


def test_a_warning_of_a_cause_is_a_sign_once_a_symptom_is_critical() -> None:
    slow = part("rds", member("rds.slow@main", WARNING), member("rds.full@main"))
    (sign,) = grouped(slow, ALB)["rds.main"].signs
    assert sign.address == "rds.slow@main"
    # Nothing rests on it: it would wake nobody's neighbour.
    assert grouped(slow)["rds.main"].signs == ()
    # The log sees what became of it, and is short of nothing.
    log = part("logs", member("logs.errors@main", WARNING), member("logs.gone@main"))
    assert grouped(log, ALB)["logs.main"].signs == ()


def test_what_is_foreseen_is_no_sign_and_no_cause() -> None:
    for severity in (WARNING, CRITICAL):
        low = part("rds", member("rds.storage@main", severity, foresees=True))
        groups = grouped(low, ALB)
        assert names(groups["alb.main"].causes) == []
        assert ("rds.main/foreseen" in groups) is (severity is CRITICAL)


def test_signs_alone_make_a_group_where_something_critical_rests_on_it() -> None:
    groups = grouped(part("rds", member("rds.slow@main", WARNING)), ALB)
    assert groups["rds.main"].critical == ()
    assert names(groups["alb.main"].causes) == ["rds.main"]


@pytest.mark.parametrize(
    ("m", "period", "is_sign"), [(5, 60, True), (1, 300, True), (6, 60, False), (2, 300, False)]
)
def test_what_shows_later_than_a_symptom_waits_is_no_sign(
    m: int, period: int, is_sign: bool
) -> None:
    held: dict[str, Any] = {"period": period, "evaluation_periods": m, "datapoints_to_alarm": m}
    slow = part("rds", member("rds.slow@main", WARNING, **held), member("rds.full@main"))
    assert bool(grouped(slow, ALB)["rds.main"].signs) is is_sign


def test_a_symptom_waits_until_the_slowest_alarm_of_a_cause_is_on() -> None:
    five: dict[str, Any] = {"evaluation_periods": 5, "datapoints_to_alarm": 5}
    slow = part("ecs", member("ecs.short@main", **five))
    group = grouped(slow, ALB)["alb.main"]
    # 5 x 60 s, data two minutes late, an evaluation; less the first evaluation of its own.
    assert group.wait_period == 300 + 120 + 60 - 60
    # Its own datapoint, and its data two minutes late.
    assert group.extension_period == 60 + 120


def test_m_of_n_and_long_periods_in_the_waiting() -> None:
    cause = part("ecs", member("ecs.short@main", evaluation_periods=5, datapoints_to_alarm=3))
    own = part(
        "alb", member("alb.slow@main", period=300, evaluation_periods=2, datapoints_to_alarm=2)
    )
    group = grouped(cause, own)["alb.main"]
    # 3 x 60 + 120 + 60, less 1 x 300 + 60: nothing to wait for but an evaluation.
    assert group.wait_period == 60
    assert group.extension_period == 600 + 120


def test_no_page_is_put_off_for_longer_than_ten_minutes() -> None:
    hour: dict[str, Any] = {"evaluation_periods": 60, "datapoints_to_alarm": 60}
    cause = part("ecs", member("ecs.short@main", **hour))
    own = part("alb", member("alb.errors@main", **hour), member("alb.gone@main"))
    group = grouped(cause, own)["alb.main"]
    assert (group.wait_period, group.extension_period) == (600, 900)


def test_another_severity_regroups() -> None:
    before = part("rds", member("rds.slow@main", WARNING), member("rds.full@main"))
    after = part("rds", member("rds.slow@main", CRITICAL), member("rds.full@main", WARNING))
    assert [m.address for m in grouped(before, ALB)["rds.main"].critical] == ["rds.full@main"]
    assert [m.address for m in grouped(after, ALB)["rds.main"].critical] == ["rds.slow@main"]


def test_a_part_survives_its_string() -> None:
    for found in (RDS, part("queue", member("queue.full@main", WARNING), targets=("main", "x"))):
        assert IncidentPart.from_json(found.as_json()) == found


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"layer": 9, "members": [], "targets": []}'])
def test_another_string_is_none(text: str) -> None:
    with pytest.raises(InvalidValueError, match="is no part of incidents"):
        IncidentPart.from_json(text)


KINDS = st.sampled_from(sorted(LAYERS))
SEVERITIES = st.sampled_from([CRITICAL, WARNING])
ALARMS = st.lists(
    st.tuples(KINDS, st.sampled_from("abc"), SEVERITIES, st.integers(1, 20)), max_size=12
)


@given(alarms=ALARMS)
def test_whatever_the_alarms_each_critical_one_pages_and_no_two_explain_each_other(
    alarms: list[tuple[str, str, Severity, int]],
) -> None:
    parts = [
        part(
            kind,
            *(
                member(f"{kind}.r{number}@{target}", severity, evaluation_periods=n)
                for number, (of, target, severity, n) in enumerate(alarms)
                if of == kind
            ),
            targets=("a", "b", "c"),
        )
        for kind in LAYERS
    ]
    groups = incident_groups(parts)
    seen: set[str] = set()
    for group in groups:
        # Causes come first, so that nothing is held back by what holds it back.
        assert {cause.key for cause in group.causes} <= seen
        seen.add(group.key)
        assert 0 <= group.wait_period <= 600
    paging = [alarm for group in groups for alarm in group.critical]
    wanted = [a for p in parts for a in p.members if a.severity is CRITICAL]
    assert sorted(a.name for a in paging) == sorted(a.name for a in wanted)
