"""Databases: numbers that follow from engine and class, and numbers that must be given."""

import json
import re
from typing import Any

import pytest

from tests.components.registered import by_key
from tests.settings.refusal import ANY, Mistake, mistakes, refused, run_changed

CLASS = "rds.main.instance_class"
UNKNOWN = f"{CLASS}=db.x9.huge"
GIVE = "max_connections explicitly"
SERVERLESS = (
    "rds.main={{instance: a, engine: aurora-postgresql, instance_class: db.serverless, "
    "min_acu: {}, max_acu: {}}}"
)


def overrides(values: dict[str, dict[str, Any]]) -> str:
    return f"alarms={json.dumps(values)}"


@mistakes(
    {
        # "You can specify ACU values in half-step increments, such as 8, 8.5, 9, and so on."
        "a capacity that is none": Mistake(
            SERVERLESS.format(0.3, 16), "rds.main.min_acu", 0.3, "write a multiple of 0.5"
        ),
        "a maximum that is none": Mistake(
            SERVERLESS.format(0.5, 16.25), "rds.main.max_acu", 16.25, "write a multiple of 0.5"
        ),
        "more than the largest capacity": Mistake(
            SERVERLESS.format(0, 256.5), "rds.main.max_acu", 256.5, "write 256 or less"
        ),
        "engine misspelt": Mistake(
            "rds.main.engine=postgress",
            "rds.main.engine",
            "postgress",
            'is no RDS engine; did you mean "postgres"?',
        ),
        "engine of no kind": Mistake(
            "rds.main.engine=mongo",
            "rds.main.engine",
            "mongo",
            "write one of: postgres, aurora-postgresql, mysql, aurora-mysql, mariadb",
        ),
        "no engine": Mistake("rds.main.engine=''", "rds.main.engine", "", "write one of: postgres"),
        "EC2's type for RDS's class": Mistake(f"{CLASS}=t4g.small", CLASS, "t4g.small", "db"),
        "engine whose connections follow from no class": Mistake(
            "rds.main.engine=oracle-ee", "rds.main.max_connections", ANY, GIVE
        ),
        "Aurora MySQL, whose connections are steps by class": Mistake(
            "rds.main.engine=aurora-mysql", "rds.main.max_connections", ANY, GIVE
        ),
        "MariaDB of no version": Mistake(
            "rds.main.engine_version=latest",
            "rds.main.max_connections",
            ANY,
            GIVE,
            besides=("rds.main.engine=mariadb",),
        ),
        "storage left out": Mistake(
            "rds.main={instance: d, engine: postgres, instance_class: db.t4g.small}",
            "rds.main.allocated_storage_gib",
            ANY,
            "write the allocated storage in GiB, such as 100",
        ),
    }
)
def test_what_no_number_follows_from_is_refused(mistake: Mistake) -> None:
    mistake.check()


def unknown_class_complaints(*changes: str) -> set[str]:
    """The alarms that miss a number, where the class is unknown and changes were made."""
    error = refused(UNKNOWN, *changes)
    assert {problem.path for problem in error.problems} == {f"django-ecs-monitoring:{CLASS}"}
    assert {problem.value for problem in error.problems} == {'"db.x9.huge"'}
    for problem in error.problems:
        assert "write a known class, or give" in problem.fix
    # What several alarms want of the class is said once.
    (problem,) = error.problems
    return set(re.findall(r"(rds\.[a-z-]+)@main", problem.fix))


@pytest.mark.parametrize(
    ("changes", "complaints"),
    [
        ((), {"rds.connections-high", "rds.memory-low", "rds.db-load"}),
        (("rds.main.max_connections=100",), {"rds.memory-low", "rds.db-load"}),
        (("rds.main.performance_insights=false",), {"rds.connections-high", "rds.memory-low"}),
        (
            ("rds.main.max_connections=100", overrides({"rds.memory-low": {"threshold": 1e8}})),
            {"rds.db-load"},
        ),
        (
            (overrides({"rds.memory-low": {"enabled": False}, "rds.db-load": {"threshold": 4}}),),
            {"rds.connections-high"},
        ),
    ],
    ids=["nothing given", "connections", "no load", "connections, memory", "memory, load"],
)
def test_an_unknown_class_misses_the_numbers_that_nobody_gave(
    changes: tuple[str, ...], complaints: set[str]
) -> None:
    assert unknown_class_complaints(*changes) == complaints


def test_a_misspelt_class_is_answered_with_the_nearest() -> None:
    error = refused(f"{CLASS}=db.t4g.smal")
    assert all("db.t4g.small" in problem.fix for problem in error.problems)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "thresholds"),
    [
        (
            (
                "rds.main.max_connections=500",
                overrides({"rds.memory-low": {"threshold": 1e8}, "rds.db-load": {"threshold": 4}}),
            ),
            {"rds.connections-high": 400, "rds.memory-low": 1e8, "rds.db-load": 4},
        ),
        (
            (
                "rds.main.max_connections=500",
                "rds.main.performance_insights=false",
                overrides({"rds.memory-low": {"enabled": False}}),
            ),
            {"rds.connections-high": 400, "rds.memory-low": None, "rds.db-load": None},
        ),
        (
            (
                overrides(
                    {
                        "rds.connections-high": {"threshold": 300},
                        "rds.memory-low": {"enabled": False},
                        "rds.db-load": {"enabled": False},
                    }
                ),
            ),
            {"rds.connections-high": 300, "rds.memory-low": None, "rds.db-load": None},
        ),
    ],
    ids=["all given", "given or without the metric", "given or off"],
)
def test_an_unknown_class_is_fine_with_explicit_numbers(
    changes: tuple[str, ...], thresholds: dict[str, float | None]
) -> None:
    found = by_key(run_changed(UNKNOWN, *changes))
    registered = {
        key: found[key].inputs["threshold"] if key in found else None for key in thresholds
    }
    assert registered == thresholds


@pytest.mark.slow
def test_aurora_has_no_allocated_storage() -> None:
    run = run_changed(
        "rds.main={instance: d, engine: aurora-postgresql, instance_class: db.r6g.large}"
    )
    assert "rds.storage-low" not in by_key(run)
    assert "rds.connections-high" in by_key(run)


ESTIMATED = "estimated"
EXACT = "set max_connections to what SHOW max_connections answers"


@pytest.mark.slow
def test_explicit_max_connections_wins() -> None:
    alarm = by_key(run_changed("rds.main.max_connections=200"))["rds.connections-high"].inputs
    # 80 % of 200.
    assert alarm["threshold"] == 160
    assert "80 % of max_connections (200)" in alarm["alarmDescription"]
    assert ESTIMATED not in alarm["alarmDescription"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("engine", "instance_class", "real"),
    [
        # What SHOW max_connections answers on these instances.
        ("postgres", "db.t4g.small", 181),
        ("mysql", "db.t3.micro", 60),
    ],
)
def test_max_connections_is_estimated_from_below_otherwise(
    engine: str, instance_class: str, real: int
) -> None:
    run = run_changed(f"rds.main.engine={engine}", f"{CLASS}={instance_class}")
    alarm = by_key(run)["rds.connections-high"].inputs
    # The alarm goes off before the real limit is reached, and not at half of it.
    assert 0.5 * real < alarm["threshold"] <= 0.8 * real
    assert ESTIMATED in alarm["alarmDescription"]
    assert f"for {engine} on {instance_class}" in alarm["alarmDescription"]
    assert EXACT in alarm["alarmDescription"]


@pytest.mark.slow
def test_an_override_is_no_estimate() -> None:
    run = run_changed("alarms.rds.connections-high.threshold=90")
    alarm = by_key(run)["rds.connections-high"].inputs
    assert alarm["threshold"] == 90
    assert ESTIMATED not in alarm["alarmDescription"]


@pytest.mark.slow
def test_the_most_memory_ever_is_estimated_below_the_formula_s_cap() -> None:
    # LEAST(memory / 9531392, 5000) and LEAST(memory / 25165760, 12000): 1 TiB is 115,358 and
    # 43,690 of these, so that both caps count; 80 % of 5,000 and of 12,000.
    for engine, most in (("postgres", 4000), ("mariadb", 9600)):
        run = run_changed(f"rds.main.engine={engine}", f"{CLASS}=db.x2g.16xlarge")
        assert by_key(run)["rds.connections-high"].inputs["threshold"] == most


@pytest.mark.slow
@pytest.mark.parametrize(
    ("version", "fewer"), [("10.4", False), ("10.5", True), ("11.8", True)], ids=str
)
def test_mariadb_s_formula_depends_on_its_version(version: str, fewer: bool) -> None:
    mysql = by_key(run_changed("rds.main.engine=mysql"))["rds.connections-high"].inputs
    mariadb = by_key(
        run_changed("rds.main.engine=mariadb", f"rds.main.engine_version='{version}'")
    )["rds.connections-high"].inputs
    # Up to 10.4 memory / 12582880, as MySQL; from 10.5 on memory / 25165760.
    assert (mariadb["threshold"] < mysql["threshold"]) == fewer
    assert (mariadb["threshold"] == mysql["threshold"]) != fewer
