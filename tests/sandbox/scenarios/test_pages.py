"""Who is woken in each scenario, on the example's production stack: by hand in its file."""

from typing import Any, Final, NamedTuple

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from sandbox.deployed import Deployed
from sandbox.pages import alarm_pages, latest_first_page, pages_of, passing
from sandbox.planned import planned
from sandbox.scenario import Scenario
from sandbox.scenario_files import load_scenarios, usual_traffic
from sandbox.simulate import OrdinaryDays, simulate
from sandbox.simulation import Simulation
from stack.config import read_stack_config
from stack.program import ProgramRun, run_program
from tests.conftest import RunSettings

SCENARIOS: Final = load_scenarios()
USUAL: Final = usual_traffic()
REGION: Final = "ap-northeast-1"


class Production(NamedTuple):
    """The production stack, and what its alarms do in all scenarios to whose metrics nothing does.

    The metrics of all scenarios that begin alike are the same ones where nothing happens to them.
    """

    deployed: Deployed
    ordinary: OrdinaryDays

    def plays(self, scenario: Scenario) -> Simulation:
        return simulate(self.deployed, scenario, USUAL, self.ordinary)


@pytest.fixture(scope="module")
def production(prod: ProgramRun) -> Production:
    deployed = planned(prod, REGION)
    scenarios = [scenario for scenario in SCENARIOS.values() if not scenario.settings]
    return Production(deployed, OrdinaryDays(deployed, [*scenarios, _scenario(minutes=120)], USUAL))


_PLAYED: dict[str, tuple[Deployed, Simulation]] = {}


def played(production: Production, name: str) -> tuple[Deployed, Simulation]:
    """A scenario on the production stack, with the scenario's own settings; played once."""
    if name not in _PLAYED:
        scenario = SCENARIOS[name]
        if scenario.settings:
            run = run_program(read_stack_config("prod", settings=scenario.settings))
            deployed = planned(run, REGION)
            _PLAYED[name] = (deployed, simulate(deployed, scenario, USUAL))
        else:
            _PLAYED[name] = (production.deployed, production.plays(scenario))
    return _PLAYED[name]


@pytest.fixture(params=SCENARIOS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_each_page_comes_in_the_minute_that_the_file_has(production: Production, name: str) -> None:
    deployed, simulation = played(production, name)
    wanted = SCENARIOS[name].pages
    assert pages_of(deployed, simulation).minutes == wanted.incident
    assert alarm_pages(simulation).minutes == wanted.alarm
    assert passing(deployed, simulation) == wanted.passing
    assert latest_first_page(deployed, simulation) == wanted.latest


def test_one_page_a_cause_and_no_later_than_the_waiting_allows(
    production: Production, name: str
) -> None:
    deployed, simulation = played(production, name)
    scenario, pages = SCENARIOS[name], pages_of(deployed, simulation)
    lasting = len(scenario.pages.alarm) - len(scenario.pages.passing)
    assert len(pages.minutes) == min(scenario.causes, lasting)
    if lasting:
        assert pages.first is not None
        assert scenario.pages.latest is not None
        assert pages.first <= scenario.pages.latest


@pytest.mark.parametrize(
    ("evaluation_periods", "canary", "metrics_stop"),
    [
        # On until the hosts' alarm: seven minutes from the first bad one are over in minute 26,
        # and the tasks show in minute 27.
        (2, (), (26, 27)),
        # On for as long as it waits: so is the canary's.
        (8, (28,), (26, 27)),
    ],
)
def test_a_page_one_wait_after_what_passes_is_one_too_many(
    production: Production,
    run_with: RunSettings,
    evaluation_periods: int,
    canary: tuple[int, ...],
    metrics_stop: tuple[int, ...],
) -> None:
    """Why an alarm that is over before it has waited sets no bound (docs/incidents.md)."""
    held = f"{{evaluation_periods: {evaluation_periods}, datapoints_to_alarm: 1}}"
    deployed = planned(run_with(f"alarms={{alb.target-5xx: {held}}}"), REGION)
    for scenario, minutes in (("bad-canary", canary), ("metric-delivery-stops", metrics_stop)):
        simulation = simulate(deployed, SCENARIOS[scenario], USUAL)
        assert pages_of(deployed, simulation).minutes == minutes


def test_every_critical_alarm_that_stays_on_is_told_or_explained(
    production: Production, name: str
) -> None:
    """Where an incident is on to the end and told nobody, another one did."""
    _, simulation = played(production, name)
    told = {event.alarm.address for event in simulation.incidents if event.actions}
    last: dict[str, Any] = {}
    for event in simulation.incidents:
        last[event.alarm.address] = event
    for address, event in last.items():
        if event.change.state is AlarmState.ALARM and address not in told:
            assert told, address


def test_what_would_page_alarm_by_alarm_is_what_pages_with_paging_alarm(
    production: Production, run_with: RunSettings
) -> None:
    """The metric alarms are the same ones, whoever is told."""
    other = planned(run_with("alerts.paging=alarm"), REGION)
    assert other.composites == {}
    simulation = simulate(other, SCENARIOS["tasks-crash"], USUAL)
    assert pages_of(other, simulation) == alarm_pages(simulation)
    _, with_incidents = played(production, "tasks-crash")
    assert alarm_pages(simulation).minutes == alarm_pages(with_incidents).minutes


@pytest.mark.parametrize("name", ["slow-database", "tasks-crash"])
def test_a_page_says_which_alarms_are_on_since_when_and_what_to_open(
    production: Production, name: str
) -> None:
    _, simulation = played(production, name)
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
    ("late", "pages"),
    [
        # The load balancer is on from minute 11, and waits seven; the tasks from 15.
        (0, (15,)),
        (2, (17,)),
        # At the very end of the load balancer's wait.
        (3, (18,)),
        # Too late: the load balancer has paged, and so do they.
        (4, (18, 19)),
    ],
)
def test_tasks_that_show_while_their_symptom_waits_page_within_their_own_minute(
    production: Production, late: int, pages: tuple[int, ...]
) -> None:
    crash = {
        ELB_5XX: [{"at": 10, "to": 150}],
        "ECS/ContainerInsights RunningTaskCount": [{"at": 10 + late, "to": 0}],
    }
    simulation = production.plays(_scenario(series=crash))
    assert pages_of(production.deployed, simulation).minutes == pages
    latest = latest_first_page(production.deployed, simulation)
    assert latest is not None
    assert pages[0] <= latest <= 18


ELB_5XX: Final = "AWS/ApplicationELB HTTPCode_ELB_5XX_Count"
TARGET_5XX: Final = "AWS/ApplicationELB HTTPCode_Target_5XX_Count"


def _bad_minutes(every: int, minutes: int = 120, between: int = 0) -> list[dict[str, int]]:
    """One bad minute out of so many, from minute 10 on, and so many errors in the others."""
    starts = range(10, minutes - every, every)
    return [
        step for at in starts for step in ({"at": at, "to": 150}, {"at": at + 1, "to": between})
    ]


@pytest.mark.parametrize("every", [2, 4, 7])
def test_errors_that_come_and_go_page_once(production: Production, every: int) -> None:
    scenario = _scenario(minutes=120, series={ELB_5XX: _bad_minutes(every)})
    assert pages_of(production.deployed, production.plays(scenario)).minutes == (18,)


@pytest.mark.parametrize(("every", "between", "pages"), [(3, 0, (18,)), (4, 0, ()), (2, 3, ())])
def test_errors_of_the_application_that_come_and_go_faster_than_it_waits_page_nobody(
    production: Production, every: int, between: int, pages: tuple[int, ...]
) -> None:
    """What a canary that wakes nobody costs (docs/incidents.md)."""
    steps = _bad_minutes(every, between=between)
    simulation = production.plays(_scenario(minutes=120, series={TARGET_5XX: steps}))
    assert pages_of(production.deployed, simulation).minutes == pages


def test_an_alarm_that_is_to_page_for_every_minute_stays_on_for_as_long_as_it_waits(
    production: Production, run_with: RunSettings
) -> None:
    """As the docs say: what is over before it has waited pages nobody, unless it stays on."""
    burst = _scenario(series={TARGET_5XX: [{"at": 10, "to": 150}, {"at": 11, "to": 0}]})
    simulation = production.plays(burst)
    assert alarm_pages(simulation).minutes == (11,)
    assert pages_of(production.deployed, simulation).minutes == ()
    # It is no first alarm of what comes later.
    assert latest_first_page(production.deployed, simulation) is None
    assert any(change.actions for change in simulation.changes)
    stays = "{evaluation_periods: 8, datapoints_to_alarm: 1}"
    deployed = planned(run_with(f"alarms={{alb.target-5xx: {stays}}}"), REGION)
    assert pages_of(deployed, simulate(deployed, burst, USUAL)).minutes == (18,)


def test_a_cause_that_comes_and_goes_does_not_silence_its_symptom(
    production: Production,
) -> None:
    """The load balancer fails throughout; the log has database errors every seven minutes."""
    scenario = _scenario(
        minutes=120,
        series={ELB_5XX: [{"at": 10, "to": 150}]},
        logs=[
            {
                "at": at,
                "until": at + 1,
                "count": 20,
                "level": "ERROR",
                "exception": "django.db.utils.OperationalError",
                "message": "django.db.utils.OperationalError: connection refused",
            }
            for at in range(12, 110, 7)
        ],
    )
    # The log is on from minute 13, and waits seven.
    assert pages_of(production.deployed, production.plays(scenario)).minutes == (20,)
