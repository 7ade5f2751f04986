"""Celery's tasks are counted, in every kind of pool, and queues by brokers that can say it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.background.workers import Broker, in_files, redis_broker, until, worker
from tests.metrics.keeping import samples, total

POOLS = {
    "prefork": ("--pool", "prefork", "--concurrency", "2"),
    "prefork, 3 tasks a child": (
        *("--pool", "prefork", "--concurrency", "2"),
        *("--max-tasks-per-child", "3"),
    ),
    "solo": ("--pool", "solo"),
    "threads": ("--pool", "threads", "--concurrency", "2"),
    "gevent": ("--pool", "gevent", "--concurrency", "2"),
}
# eventlet has no release for Python 3.14.
if find_spec("eventlet"):
    POOLS["eventlet"] = ("--pool", "eventlet", "--concurrency", "2")


@pytest.mark.parametrize("options", POOLS.values(), ids=POOLS)
def test_every_run_is_counted_after_sigterm(tmp_path: Path, options: tuple[str, ...]) -> None:
    with in_files(tmp_path) as broker:
        broker.send("for _ in range(10): bill.delay()", "fail.delay()", "retry.delay()")
        with worker(broker, *options) as running:
            # The task that asks twice to be run again runs three times.
            until(lambda: total(running.documents, "Tasks") == 14)
            documents = running.end()
    assert total(documents, "Tasks", Task="shop.bill") == 10
    assert total(documents, "Actions", Action="billed") == 10
    assert len(samples(documents, "TaskTime", Task="shop.bill")) == 10
    assert len(samples(documents, "TaskWait", Task="shop.bill")) == 10
    assert min(samples(documents, "TaskWait", Task="shop.bill")) > 0
    assert total(documents, "TaskFailures", Task="shop.fail_with_err_or") == 1
    assert total(documents, "Tasks", Task="shop.retry") == 3
    assert total(documents, "TaskRetries", Task="shop.retry") == 2
    assert total(documents, "TaskFailures", Task="shop.retry") == 1
    assert total(documents, "TaskFailures") == 2
    assert total(documents, "SamplesDropped") == 0
    # Requests have no part in it.
    assert not any("RequestsInProgress" in document for document in documents)


def test_a_task_whose_process_dies_is_a_failure(tmp_path: Path) -> None:
    with in_files(tmp_path) as broker:
        broker.send("die.delay()")
        with worker(broker, *POOLS["prefork"]) as running:
            until(lambda: total(running.documents, "TaskFailures", Task="shop.die") == 1)


def test_a_task_that_is_killed_at_its_time_limit_is_one_failed_run(tmp_path: Path) -> None:
    with in_files(tmp_path) as broker:
        broker.send("overrun.delay()")
        with worker(broker, *POOLS["prefork"]) as running:
            until(lambda: total(running.documents, "TaskFailures", Task="shop.overrun") >= 1)
            # Celery's parent tells of it twice, and the process that it ends once more.
            broker.send("bill.delay()")
            until(lambda: total(running.documents, "Tasks", Task="shop.bill") == 1)
        assert total(running.documents, "TaskFailures", Task="shop.overrun") == 1
        assert total(running.documents, "Tasks", Task="shop.overrun") == 1


@pytest.mark.parametrize("pool", ["prefork", "solo", "threads"])
def test_a_task_that_hangs_is_seen(tmp_path: Path, pool: str) -> None:
    with in_files(tmp_path) as broker:
        broker.send("hang.delay(600)")
        with worker(broker, *POOLS[pool]) as running:
            until(
                lambda: any(
                    document.get("OldestTaskAge", 0) > 2
                    and document["OldestTask"] == "shop.hang"
                    and document["TasksInProgress"] == 1
                    for document in running.documents
                )
            )


@pytest.mark.parametrize("make", [in_files, redis_broker], ids=["files", "redis"])
def test_a_queue_says_how_long_it_is_and_how_old(
    tmp_path: Path, make: Callable[[Path], AbstractContextManager[Broker]]
) -> None:
    with make(tmp_path) as broker:
        broker.send("hang.delay(600)", "for _ in range(7): bill.delay()")
        # It takes one, and no more than that one.
        options = ("--prefetch-multiplier", "1")
        with worker(broker, *POOLS["solo"], *options) as running:
            until(lambda: any("QueueLength" in found for found in running.documents))
            until(lambda: any(found.get("QueueLength") in (6, 7) for found in running.documents))
            found = next(f for f in running.documents if f.get("QueueLength") in (6, 7))
    assert found["Queue"] == "celery"
    assert 0 < found["QueueAge"] < 300


def test_an_empty_queue_is_0_long_and_0_old(tmp_path: Path) -> None:
    with redis_broker(tmp_path) as broker, worker(broker, *POOLS["solo"]) as running:
        until(lambda: any("QueueLength" in found for found in running.documents))
        found = next(found for found in running.documents if "QueueLength" in found)
    assert (found["QueueLength"], found["QueueAge"]) == (0, 0.0)
