"""The names that are paid for: bounded, and where it can be, the same ones in every process."""

import random
from types import SimpleNamespace

import pytest

from django_monitoring import contract
from django_monitoring.background import celery
from django_monitoring.events import CountEvent, TaskEvent
from django_monitoring.names import MAX_NAMES, NamePlan, Names
from django_monitoring.recorder import Recorder
from tests.background.celery_site import app
from tests.metrics.keeping import KeepingSink, config_with, total

WORKERS = 4
REGISTERED = [f"shop.task_{number:03}" for number in range(300)]
LISTED = NamePlan(lambda: ("checkout", "refund", "error"), 'DJANGO_MONITORING["ACTIONS"]')


def test_four_workers_with_300_tasks_pay_for_the_same_99() -> None:
    paid: set[str] = set()
    for seed in range(WORKERS):
        names = Names({contract.TASK: NamePlan(lambda: REGISTERED)})
        chance = random.Random(seed)
        paid |= {names.token(contract.TASK, chance.choice(REGISTERED)) for _ in range(3000)}
    # 99 of 300 by name, and the one for all others.
    assert paid == {*REGISTERED[: MAX_NAMES - 1], "(other)"}


def test_what_is_not_planned_takes_what_room_is_left() -> None:
    names = Names({contract.TASK: NamePlan(lambda: REGISTERED[:97])})
    found = [names.token(contract.TASK, name) for name in ("new", "newer", "newest")]
    assert found == ["new", "newer", "(other)"]
    # Other kinds have their own room.
    assert names.token(contract.TYPE, "newest") == "newest"


def test_a_plan_that_fails_loses_no_name() -> None:
    def fail() -> list[str]:
        raise RuntimeError

    assert Names({contract.TASK: NamePlan(fail)}).token(contract.TASK, "bill") == "bill"


def test_a_list_has_all_actions_and_what_is_not_in_it_is_told_once() -> None:
    told: list[str] = []
    names = Names({contract.ACTION: LISTED}, told.append)
    asked = ("checkout", "error", "chekout", "login")
    found = [names.token(contract.ACTION, name) for name in asked]
    assert found == ["checkout", "err_or", "(other)", "(other)"]
    assert told == [
        'Action chekout is counted as "(other)": DJANGO_MONITORING["ACTIONS"] does not have it; '
        'did you mean "checkout"?'
    ]


def test_a_list_may_be_longer_than_what_comes_first() -> None:
    names = Names({contract.ACTION: NamePlan(lambda: REGISTERED, "ACTIONS")})
    assert {names.token(contract.ACTION, name) for name in REGISTERED} == set(REGISTERED)


def test_the_actions_of_the_settings() -> None:
    sink, own = KeepingSink(), Recorder()
    own.activate(config_with(lambda: sink, actions=("checkout",)))
    for action in ("checkout", "login"):
        own.add(CountEvent(contract.ACTION, action, contract.ACTIONS))
    assert own.deactivate()
    documents = sink.documents
    assert total(documents, "Actions", Action="checkout") == 1
    assert total(documents, "Actions", Action="(other)") == 1


def test_a_celery_worker_plans_the_tasks_of_its_application(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sink, own = KeepingSink(), Recorder()
    own.activate(config_with(lambda: sink))
    monkeypatch.setattr(celery, "recorder", own)
    monkeypatch.setattr(celery, "start_worker", bool)
    monkeypatch.setattr(celery, "QueueSampler", lambda _: celery.TaskProgress())
    monkeypatch.setattr("django_monitoring.names.MAX_NAMES", 4)
    celery.worker_begins(sender=SimpleNamespace(app=app))
    # In another order than that of the names: bill, die, fail, hang, overrun and retry.
    for name in ("shop.retry", "shop.hang", "shop.fail_with_error", "shop.bill", "shop.die"):
        own.add(TaskEvent(name, 0.1))
    assert own.deactivate()
    tasks = {document["Task"] for document in sink.documents if "Task" in document}
    assert tasks == {"shop.bill", "shop.die", "shop.fail_with_err_or", "(other)"}
