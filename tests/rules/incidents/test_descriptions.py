"""What is said of an incident, and each composite alarm with all of it."""

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules.incidents import (
    IncidentComposite,
    IncidentPart,
    Owner,
    incident_composites,
    is_incident_of,
    target_kind,
)
from tests.rules.incidents.test_grouping import ALB, ECS, member, part

OWNER = Owner(project="shop", stack="test", runbooks="page")
ENDING = "Which alarms are on: TriggeringChildren; their values: the warning topic."
OPEN = f"{ENDING} Open first: r (the others' sections are headed by their keys)."
HELP = " Runbook: page#incident"
SLOW = part("rds", member("rds.slow@main", Severity.WARNING), member("rds.full@main"))


def made(*parts: IncidentPart, owner: Owner = OWNER) -> list[IncidentComposite]:
    return list(incident_composites(owner, parts))


def test_three_layers_with_a_sign_whole() -> None:
    # Each alarm is on after 60 s at the earliest and 60 + 120 + 60 s at the latest: whoever waits
    # does so for 180 s, but a cause, which pages within its shortest firing of 60 s, for ten
    # seconds less than that. It is over after 60 + 120 + 60 s, an evaluation less.
    assert made(SLOW, ECS, ALB) == [
        IncidentComposite(
            address=AlarmAddress("incident.rds@main"),
            component="rds",
            name="shop-test-incident-main-rds",
            description="Incident of rds.main: one page for all of it. Pages with any of: full. "
            "Also with any of slow while a critical alarm of ecs.main, alb.main is on. "
            f"{OPEN}{HELP}",
            rule='ALARM("shop-test-rds.full@main") OR ((ALARM("shop-test-rds.slow@main")) AND '
            '(ALARM("shop-test-ecs.short@main") OR ALARM("shop-test-alb.errors@main")))',
            children=(
                "shop-test-rds.full@main",
                "shop-test-rds.slow@main",
                "shop-test-ecs.short@main",
                "shop-test-alb.errors@main",
            ),
            pages=True,
        ),
        IncidentComposite(
            address=AlarmAddress("incident.ecs@main"),
            component="ecs",
            name="shop-test-incident-main-ecs",
            description="Incident of ecs.main: one page for all of it. Pages with any of: short. "
            "Does not page while rds.main has an incident (waits 50 s for one to show, 180 s after "
            f"it). {OPEN}{HELP}",
            rule='ALARM("shop-test-ecs.short@main")',
            children=("shop-test-ecs.short@main",),
            pages=True,
            suppressor="shop-test-incident-main-rds",
            wait_period=50,
            extension_period=180,
        ),
        IncidentComposite(
            address=AlarmAddress("incident.alb-causes@main"),
            component="alb",
            part="causes",
            name="shop-test-incident-main--alb-causes",
            description="No page: on while one of rds.main, ecs.main has an incident, which "
            f"others are silent for.{HELP}",
            rule='ALARM("shop-test-incident-main-rds") OR ALARM("shop-test-incident-main-ecs")',
            children=("shop-test-incident-main-rds", "shop-test-incident-main-ecs"),
            pages=False,
        ),
        IncidentComposite(
            address=AlarmAddress("incident.alb@main"),
            component="alb",
            name="shop-test-incident-main-alb",
            description="Incident of alb.main: one page for all of it. Pages with any of: errors. "
            "Does not page while rds.main, ecs.main has an incident (waits 180 s for one to show, "
            f"180 s after it). {OPEN}{HELP}",
            rule='ALARM("shop-test-alb.errors@main")',
            children=("shop-test-alb.errors@main",),
            pages=True,
            suppressor="shop-test-incident-main--alb-causes",
            wait_period=180,
            extension_period=180,
        ),
    ]


def test_what_is_foreseen_whole() -> None:
    low = member("rds.storage@main", foresees=True, runbook="")
    (foreseen,) = made(part("rds", low), owner=Owner(project="shop", stack="test", runbooks=""))
    assert foreseen == IncidentComposite(
        address=AlarmAddress("incident.rds@main/foreseen"),
        component="rds",
        name="shop-test-incident-main.foreseen-rds",
        description="Incident of rds.main/foreseen: one page for all of it. Nothing fails yet: no "
        f"other page is held back. Pages with any of: storage. {ENDING}",
        rule='ALARM("shop-test-rds.storage@main")',
        children=("shop-test-rds.storage@main",),
        pages=True,
    )
    assert foreseen.local_name == "incident.rds@main.foreseen".partition("@")[2]


def test_what_is_split_whole() -> None:
    # A hundred to a rule.
    names = [f"shop-test-alb.r{number}@main" for number in range(101)]
    first, second, whole = made(part("alb", *(member(f"alb.r{n}@main") for n in range(101))))
    text = f"No page: some of the alarms that alb.main is about, too many for one rule.{HELP}"
    helpers = [
        IncidentComposite(
            address=AlarmAddress(f"incident.alb-alarms-{number}@main"),
            component="alb",
            part=f"alarms-{number}",
            name=f"shop-test-incident-main--alb-alarms-{number}",
            description=text,
            rule=" OR ".join(f'ALARM("{name}")' for name in some),
            children=tuple(some),
            pages=False,
        )
        for number, some in ((1, names[:100]), (2, names[100:]))
    ]
    assert [first, second] == helpers
    assert [one.local_name for one in (first, second, whole)] == [
        *("main--alarms-1", "main--alarms-2", "main")
    ]
    assert whole.children == (first.name, second.name)
    assert whole.rule == f'ALARM("{first.name}") OR ALARM("{second.name}")'
    assert whole.description.endswith(f"{OPEN}{HELP}")


def test_what_does_not_fit_is_left_out_before_its_ending() -> None:
    """A description has 1,024 characters."""
    start, page = "Incident of alb.main: one page for all of it.", "Pages with any of: "
    # Between them a blank each, and a full stop after the rule's name.
    room = 1024 - len(f"{start} {page}. {OPEN}{HELP}")
    (fits,) = made(part("alb", member(f"alb.{'r' * room}@main")))
    assert fits.description == f"{start} {page}{'r' * room}. {OPEN}{HELP}"
    assert len(fits.description) == 1024
    (short,) = made(part("alb", member(f"alb.{'r' * (room + 1)}@main")))
    assert short.description == f"{start} {OPEN}{HELP}"
    (cut,) = made(part("alb", member("alb.errors@main", runbook="x" * 1024)))
    assert len(cut.description) == 1024
    assert cut.description.startswith(f"{start} {ENDING} Open first: xxx")


def test_signs_and_symptoms_share_a_rule() -> None:
    # A third of a hundred each: 33 fit, 34 are split.
    for count, helpers in ((33, 0), (34, 1)):
        many = part(
            "rds",
            member("rds.full@main"),
            *(member(f"rds.w{n}@main", Severity.WARNING) for n in range(count)),
        )
        found = [one.part for one in made(many, ALB) if one.part]
        assert found == ["signs-1"] * helpers


def test_an_incident_is_that_of_its_targets_alarms() -> None:
    incident = AlarmAddress("incident.rds@main")
    assert is_incident_of(incident, AlarmAddress("rds.full@main"))
    assert is_incident_of(AlarmAddress("incident.rds@main/foreseen"), AlarmAddress("rds.x@main"))
    assert not is_incident_of(incident, AlarmAddress("rds.full@other"))
    assert not is_incident_of(incident, AlarmAddress("ecs.full@main"))
    assert [target_kind(AlarmAddress(a)) for a in ("rds.full@main", "incident.ecs@main")] == [
        *("rds", "ecs")
    ]


def test_what_cloudwatch_would_refuse_is_named() -> None:
    long = "x" * 233
    with pytest.raises(InvalidValueError) as refusal:
        made(part("rds", member(f"rds.full@{long}"), targets=(long,)))
    assert str(refusal.value) == (
        f"incident.rds@{long} (shop-test-incident-{long}-rds): the name has more than 255 "
        "characters: shorten it"
    )
