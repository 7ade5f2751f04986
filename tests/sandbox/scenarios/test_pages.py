"""Who is woken in each scenario, on the example's production stack: by hand in its file."""

from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from sandbox.deployed import Deployed
from sandbox.pages import alarm_pages, latest_first_page, pages_of
from sandbox.planned import planned
from sandbox.scenario import Scenario
from sandbox.scenario_files import load_scenarios, usual_traffic
from sandbox.simulate import simulate
from sandbox.simulation import Simulation
from stack.config import read_stack_config
from stack.program import ProgramRun, run_program
from tests.conftest import RunSettings

SCENARIOS: Final = load_scenarios()
USUAL: Final = usual_traffic()
REGION: Final = "ap-northeast-1"

_PLAYED: dict[str, tuple[Deployed, Simulation]] = {}


def played(prod: ProgramRun, name: str) -> tuple[Deployed, Simulation]:
    """A scenario on the production stack, with the scenario's own settings; played once."""
    if name not in _PLAYED:
        settings = SCENARIOS[name].settings
        run = run_program(read_stack_config("prod", settings=settings)) if settings else prod
        deployed = planned(run, REGION)
        _PLAYED[name] = (deployed, simulate(deployed, SCENARIOS[name], USUAL))
    return _PLAYED[name]


@pytest.fixture(params=SCENARIOS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_each_page_comes_in_the_minute_that_the_file_has(prod: ProgramRun, name: str) -> None:
    deployed, simulation = played(prod, name)
    wanted = SCENARIOS[name].pages
    assert pages_of(deployed, simulation).minutes == wanted.incident
    assert alarm_pages(simulation).minutes == wanted.alarm


def test_one_page_a_cause_and_no_later_than_the_waiting_allows(prod: ProgramRun, name: str) -> None:
    deployed, simulation = played(prod, name)
    scenario, pages = SCENARIOS[name], pages_of(deployed, simulation)
    if not alarm_pages(simulation).minutes:
        assert pages.minutes == ()
        return
    assert len(pages.minutes) == min(scenario.causes, len(alarm_pages(simulation).minutes))
    latest = latest_first_page(deployed, simulation)
    assert pages.first is not None
    assert latest is not None
    assert pages.first <= latest


def test_every_critical_alarm_that_stays_on_is_told_or_explained(
    prod: ProgramRun, name: str
) -> None:
    """Where an incident is on to the end and told nobody, another one did."""
    _, simulation = played(prod, name)
    told = {event.alarm.address for event in simulation.incidents if event.actions}
    last: dict[str, Any] = {}
    for event in simulation.incidents:
        last[event.alarm.address] = event
    for address, event in last.items():
        if event.change.state is AlarmState.ALARM and address not in told:
            assert told, address


def test_what_would_page_alarm_by_alarm_is_what_pages_with_paging_alarm(
    prod: ProgramRun, run_with: RunSettings
) -> None:
    """The metric alarms are the same ones, whoever is told."""
    other = planned(run_with("alerts.paging=alarm"), REGION)
    assert other.composites == {}
    simulation = simulate(other, SCENARIOS["tasks-crash"], USUAL)
    assert pages_of(other, simulation) == alarm_pages(simulation)
    _, with_incidents = played(prod, "tasks-crash")
    assert alarm_pages(simulation).minutes == alarm_pages(with_incidents).minutes


@pytest.mark.parametrize("name", ["slow-database", "tasks-crash"])
def test_a_page_says_which_alarms_are_on_since_when_and_what_to_open(
    prod: ProgramRun, name: str
) -> None:
    _, simulation = played(prod, name)
    (page,) = (e for e in simulation.incidents if e.actions and e.change.state == "ALARM")
    on = {child.alarm.address: child.minute for child in page.children}
    assert (
        on
        == {
            "slow-database": {
                "rds.read-latency@main": 15,
                "rds.write-latency@main": 15,
                "rds.cpu-high@main": 16,
                "alb.latency-high@main": 16,
            },
            "tasks-crash": {
                "ecs.tasks-low@web": 15,
                "alb.elb-5xx@main": 11,
                "alb.no-healthy-hosts@main/web": 12,
            },
        }[name]
    )
    opened = {"slow-database": "#rdsread-latency", "tasks-crash": "#ecstasks-low"}[name]
    assert page.first_runbook.endswith(opened)


def test_a_scenario_that_pages_nobody_says_so_in_its_file() -> None:
    quiet = [n for n, s in SCENARIOS.items() if not s.pages.alarm]
    assert "quiet-night" in quiet
    assert all(not SCENARIOS[n].pages.incident for n in quiet)


def _scenario(**fields: Any) -> Scenario:
    return Scenario.model_validate({"title": "t", "story": "s", "minutes": 40, **fields})


@pytest.mark.parametrize(
    ("late", "page", "bound"),
    [
        # The load balancer is on from minute 11, and waits seven; the tasks from 15, and three.
        (0, 18, 18),
        # Tasks that show two minutes later have their own three before them.
        (2, 20, 18),
        # At the end of the load balancer's wait they are too late: it pages itself, and so do they.
        (4, 18, 18),
    ],
)
def test_a_cause_at_the_end_of_its_symptoms_wait_has_its_own_before_it(
    prod: ProgramRun, late: int, page: int, bound: int
) -> None:
    """As the docs say: by the delay of its data and one evaluation more at most."""
    deployed = planned(prod, REGION)
    crash = {
        "AWS/ApplicationELB HTTPCode_ELB_5XX_Count": [{"at": 10, "to": 150}],
        "ECS/ContainerInsights RunningTaskCount": [{"at": 10 + late, "to": 0}],
    }
    simulation = simulate(deployed, _scenario(series=crash), USUAL)
    assert pages_of(deployed, simulation).first == page
    assert latest_first_page(deployed, simulation) == bound
    assert len(pages_of(deployed, simulation).minutes) == (2 if late == 4 else 1)


def test_what_is_over_before_it_has_waited_pages_nobody(prod: ProgramRun) -> None:
    """As the docs say: the price of waiting. It is no first alarm of what comes later."""
    deployed = planned(prod, REGION)
    blip = {
        "AWS/ApplicationELB HTTPCode_ELB_5XX_Count": [{"at": 10, "to": 150}, {"at": 12, "to": 0}]
    }
    simulation = simulate(deployed, _scenario(series=blip), USUAL)
    assert alarm_pages(simulation).minutes == (11,)
    assert pages_of(deployed, simulation).minutes == ()
    assert latest_first_page(deployed, simulation) is None
    assert any(change.actions for change in simulation.changes)
