"""What holds for each system: nothing is lost, nothing changes by itself, files stay apart."""

import dataclasses
import json
from collections import Counter
from typing import Final

import pytest

from exports.monitoring import Item, ItemKind, StackMonitoring
from exports.result import Carried, Export, LeftOut
from exports.system import Chosen, System
from exports.systems import SYSTEMS
from stack.program import ProgramRun
from tests.exports.stacks import monitoring

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"


CASES: Final = [
    pytest.param(system, chosen, id=f"{system.name}{'-all' if chosen else ''}")
    for system in SYSTEMS
    for chosen in ([{}, system.everything] if system.everything else [{}])
]


def test_everything_that_prod_registers_is_there_to_export(prod: ProgramRun) -> None:
    """Counted in what was registered, not in what was read."""
    kinds = Counter(item.kind for item in monitoring().items)
    assert kinds[ItemKind.RULE] == len(prod.of_type(ALARM)) > 30
    assert kinds[ItemKind.COMPOSITE] == len(prod.of_type(COMPOSITE)) > 0
    assert kinds[ItemKind.LOG_FILTER] == len(prod.of_type(FILTER)) == 5
    (dashboard,) = prod.of_type(DASHBOARD)
    widgets = json.loads(dashboard.inputs["dashboardBody"])["widgets"]
    # The state of all alarms is CloudWatch's own.
    shown = [widget for widget in widgets if widget["type"] not in ("text", "alarm")]
    assert kinds[ItemKind.GRAPH] == len(shown) > 20


@pytest.mark.parametrize(("system", "chosen"), CASES)
@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_each_rule_and_graph_is_exported_or_left_out_with_a_reason(
    system: System, chosen: Chosen, stack: str
) -> None:
    found = monitoring(stack=stack)
    export = system.export(found, chosen)
    told = Counter([c.item for c in export.carried] + [o.item for o in export.left_out])
    assert told.keys() == set(found.items)
    assert all(left_out.reason for left_out in export.left_out)
    for carried in export.carried:
        assert export.files[carried.file]


@pytest.mark.slow
@pytest.mark.parametrize(("system", "chosen"), CASES)
def test_the_same_settings_give_the_same_files(system: System, chosen: Chosen) -> None:
    again = monitoring("dashboard.enabled=true")
    assert again is not monitoring()
    assert system.export(again, chosen) == system.export(monitoring(), chosen)


@pytest.mark.slow
@pytest.mark.parametrize(("system", "chosen"), CASES)
def test_another_threshold_changes_its_own_places_alone(system: System, chosen: Chosen) -> None:
    """80 % of CPU becomes 85 %, on the graph, in the alert and in the words, and nothing else."""
    before = system.export(monitoring(), chosen).files
    after = system.export(monitoring("alarms.ecs.cpu-high.threshold=85"), chosen).files
    assert before.keys() == after.keys()
    changed = [
        (was, line)
        for name, text in before.items()
        for was, line in zip(text.splitlines(), after[name].splitlines(), strict=True)
        if was != line
    ]
    assert 0 < len(changed) <= 6
    for was, line in changed:
        assert was.replace("80", "85") == line


@pytest.mark.slow
@pytest.mark.parametrize(("system", "chosen"), CASES)
def test_a_longer_number_moves_no_other_line(system: System, chosen: Chosen) -> None:
    before = system.export(monitoring(), chosen).files
    after = system.export(monitoring("alarms.ecs.cpu-high.threshold=80.25"), chosen).files
    for name, text in before.items():
        for was, line in zip(text.splitlines(), after[name].splitlines(), strict=True):
            assert was == line or "80.25" in line


@pytest.mark.parametrize(("system", "chosen"), CASES)
def test_no_file_holds_the_account_that_stands_in_for_the_real_one(
    system: System, chosen: Chosen
) -> None:
    for text in system.export(monitoring(), chosen).files.values():
        assert "123456789012" not in text


def test_names_of_systems_and_their_options_are_distinct() -> None:
    assert len({system.name for system in SYSTEMS}) == len(SYSTEMS)
    taken = {"stack", "out", "set", "json", "help"}
    for system in SYSTEMS:
        names = [option.name for option in system.options]
        assert len(set(names)) == len(names)
        assert not taken & set(names)


GRAPH = Item(kind=ItemKind.GRAPH, name="a / b")
EMPTY = StackMonitoring(project="p", stack="s", region="eu-west-1")
SHOWN = Carried(item=GRAPH, file="f")
LOST = LeftOut(item=GRAPH, reason="because")


@pytest.mark.parametrize(
    ("unread", "carried", "left_out", "words"),
    [
        (((GRAPH, "why"),), (), (), "neither carried over nor left out: graph a / b"),
        (((GRAPH, "why"),), (SHOWN,), (LOST,), "carried over and left out: graph a / b"),
        ((), (SHOWN,), (), "nothing of the stack: graph a / b"),
        (((GRAPH, "why"),), (dataclasses.replace(SHOWN, file="g"),), (), "not there: g"),
    ],
)
def test_a_writer_that_loses_something_is_stopped(
    unread: tuple[tuple[Item, str], ...],
    carried: tuple[Carried, ...],
    left_out: tuple[LeftOut, ...],
    words: str,
) -> None:
    with pytest.raises(AssertionError, match=words):
        Export(
            system="x",
            monitoring=dataclasses.replace(EMPTY, unread=unread),
            files={"f": ""},
            carried=carried,
            left_out=left_out,
        )
