"""Ctrl-C and other signals end a drill, and never its clean-up half-way."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from account.account import Region
from drill.cleanup import Interruptions
from tests.account.emulated import Emulated, failing, with_methods
from tests.drill.conftest import Drill, Stack

QUIET = ("--yes", "--json", "--timeout", "1")


def test_ctrl_c_while_waiting(stack: Stack, drill: Drill) -> None:
    drilled = drill(
        *QUIET, emulated=failing("sqs", "receive_message", lambda _region: KeyboardInterrupt())
    )
    assert drilled.code == 130
    assert drilled.json["interrupted"] is True
    assert drilled.json["leftovers"] == []
    assert set(drilled.results.values()) == {"cut-short"}
    assert stack.is_as_before()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_signals_while_waiting(name: str, stack: Stack, drill: Drill) -> None:
    def change(region: Region) -> Region:
        def receive(**_call: object) -> object:
            os.kill(os.getpid(), getattr(signal, name))
            raise AssertionError("the signal interrupts")

        return with_methods(region, "sqs", receive_message=receive)

    assert drill(*QUIET, emulated=Emulated(change)).code == 130
    assert stack.is_as_before()


def test_ctrl_c_while_an_alarm_is_set_off(stack: Stack, drill: Drill) -> None:
    """The call may have been carried out before its answer came."""

    def change(region: Region) -> Region:
        real = region.cloudwatch.set_alarm_state

        def set_state(**call: str) -> None:
            real(**call)
            if call["StateValue"] == "ALARM":
                raise KeyboardInterrupt

        return with_methods(region, "cloudwatch", set_alarm_state=set_state)

    assert drill(*QUIET, emulated=Emulated(change)).code == 130
    assert stack.is_as_before()


@pytest.mark.parametrize(("service", "method"), [("sqs", "create_queue"), ("sns", "subscribe")])
def test_ctrl_c_while_the_queue_is_made(
    service: str, method: str, stack: Stack, drill: Drill
) -> None:
    def change(region: Region) -> Region:
        real = getattr(getattr(region, service), method)

        def make(**call: object) -> object:
            real(**call)
            raise KeyboardInterrupt

        return with_methods(region, service, **{method: make})

    assert drill(*QUIET, emulated=Emulated(change)).code == 130
    assert stack.is_as_before()


def interrupting(times: int) -> Emulated:
    """Signals come while the first alarm is set back."""

    def change(region: Region) -> Region:
        real = region.cloudwatch.set_alarm_state

        def set_state(**call: str) -> None:
            if call["StateValue"] == "OK":
                for _ in range(times):
                    os.kill(os.getpid(), signal.SIGINT)
            real(**call)

        return with_methods(region, "cloudwatch", set_alarm_state=set_state)

    return Emulated(change)


def test_ctrl_c_while_cleaning_up_waits_for_the_end_of_it(stack: Stack, drill: Drill) -> None:
    drilled = drill(*QUIET, emulated=interrupting(2))
    assert drilled.code == 130
    assert "putting everything back; once more to stop" in drilled.err
    assert drilled.json["leftovers"] == []
    assert stack.is_as_before()


def test_out_of_patience_the_commands_are_told(stack: Stack, drill: Drill) -> None:
    """A third Ctrl-C ends the trying, and nothing is lost silently."""
    drilled = drill(*QUIET, emulated=interrupting(3))
    assert drilled.code == 130
    alarm, subscription, queue = (left["command"] for left in drilled.json["leftovers"])
    assert alarm.startswith(
        "aws cloudwatch set-alarm-state --alarm-name django-ecs-monitoring-prod-ecs-web-tasks-low "
        "--state-value INSUFFICIENT_DATA --state-reason 'Drill "
    )
    assert subscription.startswith("aws sns unsubscribe --subscription-arn arn:aws:sns:")
    assert queue.startswith("aws sqs delete-queue --queue-url https://")
    for command in (alarm, subscription, queue):
        assert command.endswith("--region ap-northeast-1")
        assert command in drilled.err


def test_a_signal_raises_where_the_program_waits_and_only_once() -> None:
    told: list[str] = []
    with Interruptions(told.append) as interruptions:
        os.kill(os.getpid(), signal.SIGTERM)
        assert interruptions.came
        with pytest.raises(KeyboardInterrupt), interruptions.waiting():
            raise AssertionError("a signal came before")
        with interruptions.waiting():
            os.kill(os.getpid(), signal.SIGTERM)
        assert len(told) == 1
        assert not interruptions.out_of_patience
        os.kill(os.getpid(), signal.SIGTERM)
        assert interruptions.out_of_patience


def test_a_terminal_that_is_gone_disturbs_nothing() -> None:
    def gone(_text: str) -> None:
        raise OSError("Input/output error")

    with Interruptions(gone) as interruptions:
        os.kill(os.getpid(), signal.SIGHUP)
        os.kill(os.getpid(), signal.SIGHUP)
        assert interruptions.came


def test_no_signal_can_be_handled_in_another_thread() -> None:
    def enter() -> None:
        with Interruptions(lambda _text: None) as interruptions, interruptions.waiting():
            assert not interruptions.came

    with ThreadPoolExecutor(1) as threads:
        threads.submit(enter).result(timeout=60)


def test_handlers_are_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Interruptions(lambda _text: None):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
