"""Database instances that are others than the settings say."""

from dataclasses import replace
from typing import Any

import pytest

from account.coverage.inventory import Database
from account.verify.databases import database_answers
from account.verify.model import FOUND, Answer, Standing, missing, note
from ecs_monitoring.rules.rds_target import RdsTarget

LIVE = Database(
    identifier="shop",
    engine="postgres",
    version="16.4",
    instance_class="db.r6g.large",
    allocated_storage_gib=100,
    storage_type="gp3",
)
SAID: dict[str, Any] = {
    "instance": "shop",
    "engine": "postgres",
    "instance_class": "db.r6g.large",
    "allocated_storage_gib": 100,
    "storage_type": "gp3",
}


def answer(said: dict[str, Any], live: Database) -> tuple[Standing, str]:
    ((name, found),) = database_answers({"main": RdsTarget.model_validate(said)}, (live,))
    assert name == "shop"
    return found.verdict, found.words


def test_one_that_is_as_the_settings_say() -> None:
    assert answer(SAID, LIVE) == (Standing.FOUND, "")
    assert answer(SAID, replace(LIVE, iops=3000, storage_throughput_mibps=125)) == (
        Standing.FOUND,
        "",
    )


@pytest.mark.parametrize(
    ("live", "words"),
    [
        # 10 % of 100 GiB are 1 % of what there is by now.
        (
            {"allocated_storage_gib": 1000},
            "allocated_storage_gib is 100, and the instance has 1000",
        ),
        ({"max_allocated_storage_gib": 500}, "max_allocated_storage_gib is null, and the instance"),
        ({"instance_class": "db.r6g.xlarge"}, "instance_class is db.r6g.large, and the instance"),
        ({"engine": "mysql"}, "engine is postgres, and the instance has mysql: write mysql"),
        ({"iops": 12_000}, "iops is 3000, and the instance has 12000: write 12000"),
        (
            {"storage_throughput_mibps": 500},
            "storage_throughput_mibps is 125, and the instance has 500: write 500",
        ),
        ({"is_replica": True}, "read_replica is false, and the instance has true: write true"),
        ({"performance_insights": True}, "performance_insights is false"),
    ],
)
def test_one_that_is_another(live: dict[str, Any], words: str) -> None:
    verdict, said = answer(SAID, replace(LIVE, **live))
    assert verdict is Standing.MISSING
    assert said.startswith(f"rds.main.{words}")


def test_a_type_of_volume_that_the_settings_do_not_name() -> None:
    silent = {**SAID, "storage_type": None}
    for type_, words in (("gp2", "its credits"), ("gp3", "what it can do")):
        verdict, said = answer(silent, replace(LIVE, storage_type=type_))
        assert verdict is Standing.NOTE
        assert f"write rds.main.storage_type: {type_} to watch {words}" in said
    assert answer(silent, replace(LIVE, storage_type="io1")) == (Standing.FOUND, "")
    verdict, said = answer({**SAID, "storage_type": "io1"}, LIVE)
    assert (verdict, "write gp3" in said) == (Standing.MISSING, True)


def test_auroras_storage_is_nobodys_setting() -> None:
    said = {"instance": "shop", "engine": "aurora-postgresql", "instance_class": "db.r6g.large"}
    live = replace(LIVE, engine="aurora-postgresql", allocated_storage_gib=1, storage_type="aurora")
    assert answer(said, live) == (Standing.FOUND, "")


def test_one_that_is_not_there_is_another_questions_matter() -> None:
    assert list(database_answers({"main": RdsTarget.model_validate(SAID)}, ())) == []


def other(field: str, said: object, is_: object) -> str:
    return f"rds.main.{field} is {said}, and the instance has {is_}: write {is_}"


@pytest.mark.parametrize(
    ("said", "live", "answer"),
    [
        ({}, {}, FOUND),
        (
            {},
            {
                "engine": "mysql",
                "instance_class": "db.r6g.xlarge",
                "is_replica": True,
                "performance_insights": True,
                "allocated_storage_gib": 200,
                "max_allocated_storage_gib": 500,
                "storage_type": "io1",
            },
            missing(
                "; ".join(
                    (
                        other("engine", "postgres", "mysql"),
                        other("instance_class", "db.r6g.large", "db.r6g.xlarge"),
                        other("read_replica", "false", "true"),
                        other("performance_insights", "false", "true"),
                        other("allocated_storage_gib", 100, 200),
                        other("max_allocated_storage_gib", "null", 500),
                        other("storage_type", "gp3", "io1"),
                    )
                )
            ),
        ),
        (
            {"max_allocated_storage_gib": 500},
            {},
            missing(other("max_allocated_storage_gib", 500, "null")),
        ),
        (
            {},
            {"iops": 3001, "storage_throughput_mibps": 126},
            missing(
                "; ".join(
                    (
                        other("iops", 3000, 3001),
                        other("storage_throughput_mibps", 125, 126),
                    )
                )
            ),
        ),
        (
            {"storage_type": None},
            {"storage_type": "gp2"},
            note("it has a gp2 volume: write rds.main.storage_type: gp2 to watch its credits"),
        ),
        (
            {"storage_type": None},
            {"allocated_storage_gib": 50},
            missing(
                f"{other('allocated_storage_gib', 100, 50)}; it has a gp3 volume: write "
                "rds.main.storage_type: gp3 to watch what it can do"
            ),
        ),
        ({"storage_type": None}, {"storage_type": ""}, FOUND),
    ],
)
def test_a_database_as_the_settings_have_it(
    said: dict[str, Any], live: dict[str, Any], answer: Answer
) -> None:
    target = RdsTarget.model_validate({**SAID, **said})
    elsewhere = RdsTarget.model_validate({**SAID, "instance": "gone"})
    found = database_answers({"gone": elsewhere, "main": target}, (replace(LIVE, **live),))
    assert list(found) == [("shop", answer)]
