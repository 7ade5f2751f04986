"""Actions: counted when they have really happened, and never at the price of a request."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils.connection import ConnectionDoesNotExist

from django_monitoring.actions import record_action
from django_monitoring.recorder import recorder
from tests.metrics.keeping import KeepingSink, total


def counted(kept: KeepingSink, action: str = "checkout") -> int:
    return total(kept.published, "Actions", Action=action)


@pytest.fixture
def database() -> Iterator[None]:
    yield
    connection.close()


def test_outside_a_transaction_it_is_counted_at_once_and_no_connection_opened(
    kept: KeepingSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.close()
    monkeypatch.setattr(connections["default"], "connect", lambda: 1 / 0)
    record_action("checkout")
    assert connection.connection is None
    assert counted(kept) == 1


@pytest.mark.usefixtures("database")
def test_in_a_transaction_it_is_counted_when_that_commits(kept: KeepingSink) -> None:
    with transaction.atomic():
        record_action("checkout")
        with transaction.atomic():
            record_action("checkout")
        assert counted(kept) == 0
    assert counted(kept) == 2


@pytest.mark.usefixtures("database")
def test_what_is_rolled_back_has_not_happened(kept: KeepingSink) -> None:
    @transaction.atomic
    def buy_in_vain() -> None:
        record_action("checkout")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        buy_in_vain()
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError):
            buy_in_vain()
        record_action("signup")
    assert counted(kept) == 0
    assert counted(kept, "signup") == 1


@pytest.mark.usefixtures("database")
def test_without_autocommit_it_is_counted_at_once(kept: KeepingSink) -> None:
    transaction.set_autocommit(False)
    try:
        record_action("checkout")
    finally:
        transaction.rollback()
        transaction.set_autocommit(True)
    assert counted(kept) == 1


def test_in_asynchronous_code_it_is_counted(kept: KeepingSink) -> None:
    async def view() -> None:
        record_action("checkout")

    asyncio.run(view())
    assert counted(kept) == 1


@pytest.mark.parametrize("name", [[], None])
def test_nothing_is_raised(kept: KeepingSink, name: Any) -> None:
    record_action(name)
    assert counted(kept) == 0


def test_a_mistyped_alias_is_a_mistake(kept: KeepingSink) -> None:
    with pytest.raises(ConnectionDoesNotExist) as raised:
        record_action("checkout", using="defualt")
    assert str(raised.value) == (
        "DATABASES has no 'defualt'; did you mean \"default\"? Write one of: default"
    )
    assert counted(kept) == 0


@pytest.mark.usefixtures("database")
def test_a_recorder_that_fails_breaks_no_transaction(
    kept: KeepingSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django_monitoring.emitter.Emitter.add", lambda *_: 1 / 0)
    with transaction.atomic():
        record_action("checkout")
    record_action("checkout")
    monkeypatch.undo()
    assert recorder.flush()
    assert counted(kept) == 0
