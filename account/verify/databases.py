"""Whether database instances are what the settings say: thresholds are shares of these facts."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from account.coverage.inventory import Database
from account.verify.model import FOUND, Answer, missing, note
from ecs_monitoring.rules.rds_target import RdsTarget

_UNWATCHED: Final = {"gp2": "to watch its credits", "gp3": "to watch what it can do"}
"""Types of volumes with alarms of their own, and what for."""


def database_answers(
    declared: Mapping[str, RdsTarget], databases: tuple[Database, ...]
) -> Iterator[tuple[str, Answer]]:
    """Each watched instance that is there, with what the settings say otherwise.

    Args:
        declared: the settings' targets by name.
        databases: the instances of the account's region.
    """
    there = {database.identifier: database for database in databases}
    for name, target in declared.items():
        if target.instance in there:
            yield target.instance, _answer(name, target, there[target.instance])


def _answer(name: str, target: RdsTarget, live: Database) -> Answer:
    answers = [
        missing(
            f"rds.{name}.{field} is {_shown(said)}, and the instance has {_shown(is_)}: write "
            f"{_shown(is_)}"
        )
        for field, said, is_ in _facts(target, live)
        if said != is_
    ]
    unwatched = _UNWATCHED.get(live.storage_type) if target.storage_type is None else None
    if unwatched:
        type_ = live.storage_type
        answers.append(
            note(f"it has a {type_} volume: write rds.{name}.storage_type: {type_} {unwatched}")
        )
    return Answer.worst(answers) if answers else FOUND


def _facts(target: RdsTarget, live: Database) -> Iterator[tuple[str, object, object]]:
    """Field, what the settings say and what is, of everything that decides rules or thresholds."""
    yield "engine", target.engine, live.engine
    yield "instance_class", target.instance_class, live.instance_class
    yield "read_replica", target.read_replica, live.is_replica
    yield "performance_insights", target.performance_insights, live.performance_insights
    if target.is_aurora:
        return
    yield "allocated_storage_gib", target.allocated_storage_gib, live.allocated_storage_gib
    yield (
        "max_allocated_storage_gib",
        target.max_allocated_storage_gib,
        live.max_allocated_storage_gib,
    )
    if target.storage_type is not None:
        yield "storage_type", target.storage_type, live.storage_type
    # Only where an alarm rests on it, and AWS says it.
    if target.volume.iops and live.iops:
        yield "iops", target.volume.iops, live.iops
    if target.volume.throughput_mibps and live.storage_throughput_mibps:
        yield (
            "storage_throughput_mibps",
            target.volume.throughput_mibps,
            live.storage_throughput_mibps,
        )


def _shown(value: object) -> str:
    """A value as YAML has it."""
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)
