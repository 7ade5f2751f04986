"""How late the first page is, whatever shows when: composite alarms as CloudWatch plays them."""

from collections.abc import Mapping, Sequence
from typing import Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.alarm import AlarmAddress, AlarmState
from ecs_monitoring.cloudwatch.composite import CompositeDefinition
from ecs_monitoring.cloudwatch.composite_rule import CompositeRule
from ecs_monitoring.cloudwatch.evaluation import CompositeCourse, composite_courses
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules.incidents import (
    IncidentComposite,
    IncidentGroup,
    IncidentPart,
    Member,
    Owner,
    incident_composites,
    incident_groups,
    paged_within,
)
from tests.rules.incidents.test_grouping import LAYERS, member, part

OWNER: Final = Owner(project="shop", stack="test", runbooks="r")
HOUR: Final = 3600
END: Final = 4 * HOUR

Firings = Sequence[tuple[int, int]]
"""When an alarm is on: from which second, and until which."""


def _definition(composite: IncidentComposite) -> CompositeDefinition:
    return CompositeDefinition(
        name=composite.name,
        description=composite.description,
        actions_enabled=True,
        alarm_actions=("pager",) if composite.pages else (),
        ok_actions=(),
        insufficient_data_actions=(),
        text=composite.rule,
        rule=CompositeRule.parse(composite.rule),
        suppressor=composite.suppressor,
        wait_period=composite.wait_period,
        extension_period=composite.extension_period,
    )


def played(
    parts: Sequence[IncidentPart], firings: Mapping[str, Firings]
) -> dict[str, CompositeCourse]:
    """What becomes of each composite alarm that pages, by address."""
    turns = {
        alarm.name: [(0, AlarmState.OK)]
        + [
            turn
            for start, end in firings.get(alarm.address, ())
            for turn in ((start, AlarmState.ALARM), (end, AlarmState.OK))
        ]
        for of in parts
        for alarm in of.members
    }
    composites = incident_composites(OWNER, parts)
    courses = composite_courses(
        map(_definition, composites), turns, first=0, last=END, settled=True
    )
    return {
        composite.address: courses[composite.name] for composite in composites if composite.pages
    }


def pages(parts: Sequence[IncidentPart], firings: Mapping[str, Firings]) -> list[tuple[int, str]]:
    """When each composite alarm pages, and which it is."""
    return sorted(
        (action.time, address)
        for address, course in played(parts, firings).items()
        for action in course.actions
        if action.state is AlarmState.ALARM
    )


def within(groups: Sequence[IncidentGroup]) -> dict[str, int]:
    return paged_within(
        {group.key: group.wait_period for group in groups},
        {group.key: [cause.key for cause in group.causes] for group in groups},
    )


HELD: Final = st.sampled_from([(1, 1, 60), (1, 5, 60), (2, 2, 60), (5, 5, 60), (1, 2, 300)])
"""M, N and the period of a rule."""

FORESEES: Final = st.sampled_from([False, False, True])

ALARMS: Final = st.dictionaries(
    st.tuples(st.sampled_from(sorted(LAYERS)), st.sampled_from("aaaab"), FORESEES),
    HELD,
    min_size=2,
)


def _parts(alarms: Mapping[tuple[str, str, bool], tuple[int, int, int]]) -> list[IncidentPart]:
    """A critical alarm a target, and one of what is foreseen."""
    return [
        part(
            kind,
            *(
                member(
                    f"{kind}.{'later' if foresees else 'r'}@{target}",
                    datapoints_to_alarm=m,
                    evaluation_periods=n,
                    period=period,
                    foresees=foresees,
                )
                for (of, target, foresees), (m, n, period) in alarms.items()
                if of == kind
            ),
            targets=("a", "b"),
        )
        for kind in LAYERS
    ]


def _again(data: st.DataObject, alarm: Member) -> list[tuple[int, int]]:
    """Never, or to the end, each time for as long as its rule is on at least, or longer."""
    if data.draw(st.booleans()):
        return []
    first = HOUR + data.draw(st.integers(0, 20)) * 60
    lasts = alarm.shortest_firing + data.draw(st.sampled_from([0, 0, 60, 180, 600]))
    every = lasts + data.draw(st.integers(1, 12)) * 60
    return [(at, at + lasts) for at in range(first, END - lasts, every)]


@given(alarms=ALARMS, data=st.data())
def test_the_first_page_is_never_later_than_the_waits_on_the_longest_way_down(
    alarms: dict[tuple[str, str, bool], tuple[int, int, int]], data: st.DataObject
) -> None:
    """One alarm comes and stays; all others come and go as they like, after it."""
    parts = _parts(alarms)
    members = [found for of in parts for found in of.members]
    first = data.draw(st.sampled_from(members))
    firings: dict[str, Firings] = {
        found.address: _again(data, found) for found in members if found is not first
    }
    firings[first.address] = [(HOUR, END)]
    groups = incident_groups(parts)
    (own,) = (group.key for group in groups if first in group.critical)
    latest = HOUR + within(groups)[own]
    (time, _) = pages(parts, firings)[0]
    assert time <= latest


@settings(max_examples=50)
@given(alarms=ALARMS, data=st.data())
def test_what_stays_on_has_paged_or_what_it_is_silent_for_has(
    alarms: dict[tuple[str, str, bool], tuple[int, int, int]], data: st.DataObject
) -> None:
    """Nothing is lost: some alarms stay on after two hours of coming and going, others are over."""
    parts = _parts(alarms)
    firings = {}
    for alarm in (alarm for of in parts for alarm in of.members):
        before = [(start, end) for start, end in _again(data, alarm) if end < 2 * HOUR]
        stays = data.draw(st.booleans())
        last = 2 * HOUR + data.draw(st.integers(0, 20)) * 60
        firings[alarm.address] = [*before, (last, END + 1)] if stays else before
    courses = played(parts, firings)
    firing = {
        address: course.firings[-1]
        for address, course in courses.items()
        if course.firings and course.firings[-1].end is None
    }
    for group in incident_groups(parts):
        address = _address(group)
        if address in firing and firing[address].told is None:
            causes = [
                firing[_address(cause)] for cause in group.causes if _address(cause) in firing
            ]
            assert any(cause.told is not None for cause in causes)


def _address(group: IncidentGroup) -> AlarmAddress:
    return AlarmAddress.of(f"incident.{group.kind}", group.target, group.part)


@given(alarms=ALARMS, data=st.data())
def test_one_trouble_pages_once_where_nothing_is_on_before_what_it_waits_for(
    alarms: dict[tuple[str, str, bool], tuple[int, int, int]], data: st.DataObject
) -> None:
    """Every alarm of one trouble shows between its earliest and its latest second, and stays."""
    parts = _parts({key: held for key, held in alarms.items() if key[1:] == ("a", False)})
    members = [found for of in parts for found in of.members]
    assume(members)
    shows = {
        found.address: HOUR + data.draw(st.integers(found.earliest, found.latest))
        for found in members
    }
    groups = {group.key: group for group in incident_groups(parts)}
    at = {key: shows[group.critical[0].address] for key, group in groups.items()}
    # A cause that others rest on, and what holds nobody back, wait for less than all of it.
    assume(
        all(
            at[below] <= at[key] + group.wait_period and groups[below].holds_back
            for key, group in groups.items()
            for below in groups
            if groups[below].layer < group.layer  # type: ignore[operator]
        )
    )
    found = pages(parts, {address: [(time, END)] for address, time in shows.items()})
    assert len(found) == 1
    lowest = min(groups.values(), key=lambda group: group.layer or 0)
    assert found[0][1] == f"incident.{lowest.kind}@{lowest.target}"


RDS = part("rds", member("rds.full@main", evaluation_periods=5, datapoints_to_alarm=5))
ECS = part("ecs", member("ecs.short@main", evaluation_periods=5, datapoints_to_alarm=5))
LOG = part(
    "logs", member("logs.errors@main", period=300, evaluation_periods=2, datapoints_to_alarm=1)
)
ALB = part("alb", member("alb.errors@main"))


def test_the_waits_of_the_example_by_hand() -> None:
    """480 s until the database is on at the latest, less the 60 s until the others can be."""
    groups = {group.key: group for group in incident_groups([RDS, ECS, LOG, ALB])}
    assert {key: group.wait_period for key, group in groups.items()} == {
        "rds.main": 0,
        # Ten seconds less than the one minute for which five of five may be on.
        "ecs.main": 50,
        "logs.main": 420,
        "alb.main": 420,
    }
    assert within(list(groups.values())) == {
        "rds.main": 0,
        "ecs.main": 50,
        "logs.main": 470,
        "alb.main": 890,
    }


def test_the_bound_is_reached() -> None:
    """Each cause shows in the last second of its symptom's wait."""
    found = pages(
        [RDS, ECS, LOG, ALB],
        {
            "alb.errors@main": [(HOUR, END)],
            "logs.errors@main": [(HOUR + 420, END)],
            "ecs.short@main": [(HOUR + 840, END)],
        },
    )
    assert found == [(HOUR + 890, "incident.ecs@main")]


def test_who_may_be_over_before_it_has_waited_holds_nobody_back() -> None:
    short = part("logs", member("logs.errors@main", period=300))
    groups = {group.key: group for group in incident_groups([RDS, short, ALB])}
    assert not groups["logs.main"].holds_back
    assert [cause.key for cause in groups["alb.main"].causes] == ["rds.main"]
    # Five minutes of errors in the log out of ten, in front of a load balancer that only fails.
    comes_and_goes = [(HOUR + at, HOUR + at + 300) for at in range(120, 7200, 600)]
    firings = {"alb.errors@main": [(HOUR, END)], "logs.errors@main": comes_and_goes}
    assert pages([RDS, short, ALB], firings)[0] == (HOUR + 420, "incident.alb@main")


@pytest.mark.parametrize("lasts", [60, 120])
def test_tasks_that_are_lost_for_a_minute_at_a_time_page(lasts: int) -> None:
    again = [(HOUR + at, HOUR + at + lasts) for at in range(60, 7200, 360)]
    found = pages([RDS, ECS, ALB], {"alb.errors@main": [(HOUR, END)], "ecs.short@main": again})
    assert found[0] == (HOUR + 60 + 50, "incident.ecs@main")


FILLS_UP = member("rds.storage@main", evaluation_periods=5, datapoints_to_alarm=5, foresees=True)


def test_nobody_is_silent_for_what_is_foreseen() -> None:
    """Storage runs low for hours; an hour in, requests fail, and nothing but that explains it."""
    rds = part("rds", *RDS.members, FILLS_UP)
    groups = {group.key: group for group in incident_groups([rds, ALB])}
    assert [cause.key for cause in groups["alb.main"].causes] == ["rds.main"]
    assert groups["rds.main/foreseen"].wait_period == 0
    low = {"rds.storage@main": [(HOUR, END)]}
    assert pages([rds, ALB], {**low, "alb.errors@main": [(2 * HOUR, END)]}) == [
        (HOUR, "incident.rds@main/foreseen"),
        (2 * HOUR + 420, "incident.alb@main"),
    ]
    # And what breaks in the database meanwhile pages as ever, with its symptom silent.
    full = {"rds.full@main": [(2 * HOUR, END)], "alb.errors@main": [(2 * HOUR, END)]}
    assert pages([rds, ALB], {**low, **full}) == [
        (HOUR, "incident.rds@main/foreseen"),
        (2 * HOUR, "incident.rds@main"),
    ]


@settings(max_examples=50)
@given(alarms=ALARMS, data=st.data())
def test_what_is_foreseen_changes_no_other_page(
    alarms: dict[tuple[str, str, bool], tuple[int, int, int]], data: st.DataObject
) -> None:
    parts = _parts(alarms)
    firings = {alarm.address: _again(data, alarm) for of in parts for alarm in of.members}
    of_today = {address: times for address, times in firings.items() if ".later@" not in address}
    told = [page for page in pages(parts, firings) if not page[1].endswith("/foreseen")]
    assert told == pages(parts, of_today)


def test_a_sign_counts_with_its_symptom() -> None:
    signs = part("ecs", member("ecs.busy@main", Severity.WARNING, period=300))
    group = incident_groups([RDS, signs, ALB])[1]
    assert group.key == "ecs.main"
    # The load balancer may be on for a minute only.
    assert (group.shortest_firing, group.wait_period) == (60, 50)
