"""The composite alarms: names, rules, suppressors, and CloudWatch's limits."""

import itertools

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.composite_rule import CompositeRule
from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules.incidents import (
    FORESEEN,
    IncidentComposite,
    IncidentPart,
    Owner,
    incident_composites,
)
from tests.rules.incidents.test_grouping import ALB, ECS, RDS, member, part

OWNER = Owner(project="shop", stack="test", runbooks="https://wiki.example.com/runbooks")


def made(*parts: IncidentPart) -> dict[str, IncidentComposite]:
    return {composite.address: composite for composite in incident_composites(OWNER, parts)}


def is_on(composites: dict[str, IncidentComposite], address: str, *alarms: str) -> bool:
    """Whether an incident is on while these metric alarms are, and no other."""
    states = {name: AlarmState.OK for c in composites.values() for name in c.children}
    states |= {f"shop-test-{alarm}": AlarmState.ALARM for alarm in alarms}
    for composite in composites.values():
        states[composite.name] = CompositeRule.parse(composite.rule).state(states)
    return states[composites[address].name] is AlarmState.ALARM


def test_one_alarm_a_target_named_as_every_alarm_of_the_stack() -> None:
    found = made(RDS, ALB)
    assert [c.name for c in found.values()] == [
        "shop-test-incident-main-rds",
        "shop-test-incident-main-alb",
    ]
    assert found["incident.rds@main"].rule == 'ALARM("shop-test-rds.full@main")'
    assert found["incident.alb@main"].suppressor == "shop-test-incident-main-rds"


def test_several_causes_have_one_suppressor_without_actions() -> None:
    found = made(RDS, ECS, ALB)
    over = found["incident.alb-causes@main"]
    assert not over.pages
    assert over.rule == (
        'ALARM("shop-test-incident-main-rds") OR ALARM("shop-test-incident-main-ecs")'
    )
    assert found["incident.alb@main"].suppressor == over.name
    assert found["incident.ecs@main"].suppressor == "shop-test-incident-main-rds"
    # Each after those that it names.
    order = [c.name for c in found.values()]
    for composite in found.values():
        needed = [n for n in (*composite.children, composite.suppressor) if n in order]
        assert all(order.index(n) < order.index(composite.name) for n in needed)


def test_targets_with_the_same_causes_share_the_suppressor() -> None:
    two = part("alb", member("alb.errors@a"), member("alb.errors@b"), targets=("a", "b"))
    found = made(RDS, ECS, two)
    assert found["incident.alb@a"].suppressor == found["incident.alb@b"].suppressor
    assert sum(not c.pages for c in found.values()) == 1


def test_a_sign_turns_it_on_with_a_symptom_and_not_alone() -> None:
    slow = part("rds", member("rds.slow@main", Severity.WARNING), member("rds.full@main"))
    found = made(slow, ALB)
    turns_on = {
        ("rds.full@main",): True,
        ("rds.slow@main",): False,
        ("alb.errors@main",): False,
        ("rds.slow@main", "alb.errors@main"): True,
    }
    for alarms, on in turns_on.items():
        assert is_on(found, "incident.rds@main", *alarms) is on, alarms


def test_what_is_foreseen_has_a_composite_alarm_of_its_own() -> None:
    found = made(part("rds", *RDS.members, member("rds.storage@main", foresees=True)), ALB)
    foreseen = found["incident.rds@main/foreseen"]
    assert foreseen.name == "shop-test-incident-main.foreseen-rds"
    assert (foreseen.pages, foreseen.suppressor) == (True, "")
    assert is_on(found, "incident.rds@main/foreseen", "rds.storage@main")
    assert not is_on(found, "incident.rds@main", "rds.storage@main")
    assert "Nothing fails yet: no other page is held back." in foreseen.description


def test_no_two_names_are_alike_whatever_the_targets_are_called() -> None:
    targets = ("main", "main-rds", "main-alb", "alb-causes", "main-alb-causes", "rds", "foreseen")
    parts = [
        part(
            kind,
            *(member(f"{kind}.r@{t}") for t in targets),
            *(member(f"{kind}.later@{t}", foresees=True) for t in targets),
            targets=targets,
        )
        for kind in ("rds", "ecs", "alb")
    ]
    found = incident_composites(OWNER, parts)
    assert len({c.name for c in found}) == len(found)


def test_a_component_that_is_not_called_after_its_kind_has_it_in_the_name() -> None:
    payments = IncidentPart(
        component="payments",
        kind="ecs",
        layer=ECS.layer,
        targets=("main",),
        members=(member("ecs.short@main"),),
    )
    found = incident_composites(OWNER, [ECS, payments])
    assert [c.name for c in found] == [
        "shop-test-incident-main-ecs",
        "shop-test-payments.incident-main-ecs",
    ]


def test_the_description_says_what_is_on_what_it_is_silent_for_and_what_to_open() -> None:
    text = made(RDS, ALB)["incident.alb@main"].description
    assert text == (
        "Incident of alb.main: one page for all of it. Pages with any of: errors. Does not page "
        "while rds.main has an incident (waits 180 s for one to show, 180 s after it). Which "
        "alarms are on: TriggeringChildren; their values: the warning topic. Open first: r (the "
        "others' sections are headed by their keys). Runbook: "
        "https://wiki.example.com/runbooks#incident"
    )


@pytest.mark.parametrize("number", [100, 101, 250, 2000])
def test_what_does_not_fit_into_a_rule_is_split(number: int) -> None:
    many = part("alb", *(member(f"alb.r{i}@main") for i in range(number)))
    found = made(many)
    for composite in found.values():
        assert len(composite.children) <= 100
        assert len(composite.rule) <= 10_240
        assert len(CompositeRule.parse(composite.rule).alarms) == len(composite.children)
    assert len(found) == (1 if number == 100 else 1 + -(-number // 100))
    for i in (0, number // 2, number - 1):
        assert is_on(found, "incident.alb@main", f"alb.r{i}@main")
    assert not is_on(found, "incident.alb@main")


def test_long_names_are_split_by_characters() -> None:
    long = "x" * 180
    many = part("alb", *(member(f"alb.{long}{i}@main") for i in range(90)))
    found = made(many)
    assert all(len(c.rule) <= 10_240 for c in found.values())
    assert is_on(found, "incident.alb@main", f"alb.{long}89@main")


def test_a_sign_of_many_with_many_symptoms_still_fits() -> None:
    rds = part(
        "rds",
        *(member(f"rds.c{i}@main") for i in range(60)),
        *(member(f"rds.w{i}@main", Severity.WARNING) for i in range(60)),
    )
    alb = part("alb", *(member(f"alb.r{i}@main") for i in range(300)))
    found = made(rds, alb)
    assert all(len(c.children) <= 100 for c in found.values())
    for sign, symptom in itertools.product((0, 59), (0, 299)):
        assert is_on(found, "incident.rds@main", f"rds.w{sign}@main", f"alb.r{symptom}@main")
    assert not is_on(found, "incident.rds@main", "rds.w0@main", "rds.w1@main")


def test_more_than_a_hundred_and_fifty_above_one_alarm_are_refused() -> None:
    names = tuple(f"s{i}" for i in range(150))
    slow = [member(f"ecs.busy@{n}", Severity.WARNING) for n in names]
    many = part("ecs", *slow, targets=names)
    with pytest.raises(InvalidValueError, match=r"151 composite alarms would stand above .*alb"):
        made(many, ALB)
    fewer = part("ecs", *slow[:149], targets=names[:149])
    assert "incident.alb@main" in made(fewer, ALB)


def test_a_name_that_is_too_long_is_refused() -> None:
    # "shop-test-incident-" and "-rds" are 23 of the 255.
    longest, long = "x" * 232, "x" * 233
    (composite,) = made(part("rds", member(f"rds.full@{longest}"), targets=(longest,))).values()
    assert len(composite.name) == 255
    with pytest.raises(InvalidValueError, match="more than 255 characters: shorten it"):
        made(part("rds", member(f"rds.full@{long}"), targets=(long,)))


def test_two_incidents_of_one_name_are_refused() -> None:
    """What main foresees is apart, and named like a target that would be called so."""
    low = member("rds.storage@main", foresees=True)
    other = f"main.{FORESEEN}"
    twins = part("rds", low, member(f"rds.full@{other}"), targets=("main", other))
    with pytest.raises(InvalidValueError, match="two incidents would have this alarm name: rename"):
        made(twins)
