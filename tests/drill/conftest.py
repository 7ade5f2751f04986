"""The command as it is typed, in an emulated account for each test."""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from drill.exercise import Pace
from drill.inbox import Inbox
from ops.drill import command
from tests.account.emulated import Deployment, Emulated
from tests.account.fixtures import credentials, deployment

__all__ = ["credentials", "deployment"]


@dataclass
class Drilled:
    """What a run of the command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        printed: dict[str, Any] = json.loads(self.out)
        return printed

    @property
    def results(self) -> dict[str, str]:
        return {alarm["address"]: alarm["result"] for alarm in self.json["alarms"]}

    @property
    def obstacles(self) -> dict[str, list[str]]:
        """Kind to the alarms that are concerned."""
        return {obstacle["kind"]: obstacle["alarms"] for obstacle in self.json["obstacles"]}


Drill = Callable[..., Drilled]


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a drill's waiting takes time, and none of the test's: what comes is there at once."""
    now = 0.0
    receive = Inbox.receive

    def received(inbox: Inbox, seconds: float) -> Any:
        nonlocal now
        found = receive(inbox, 0)
        now += 0.01 if found else seconds
        return found

    monkeypatch.setattr(Inbox, "receive", received)
    monkeypatch.setattr(command, "Pace", partial(Pace, clock=lambda: now))


@pytest.fixture
def drill(capsys: pytest.CaptureFixture[str], waited: None) -> Drill:
    """Run ``drill prod …``, through an acting CloudWatch unless told otherwise."""

    def run(*words: str, emulated: Any = None, stack: str = "prod") -> Drilled:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        code = command.main(
            parser.parse_args([stack, *words]), opened=emulated or Emulated(), settle=0
        )
        captured = capsys.readouterr()
        return Drilled(code, captured.out, captured.err)

    return run


@dataclass
class Stack:
    """Two alarms, in OK and INSUFFICIENT_DATA, and how to see whether they still are."""

    deployment: Deployment
    before: tuple[Any, ...] = ()

    def see(self) -> tuple[Any, ...]:
        deployment = self.deployment
        return deployment.states(), deployment.queues(), deployment.subscriptions()

    def is_as_before(self) -> bool:
        return self.see() == self.before


@pytest.fixture
def stack(deployment: Deployment) -> Stack:
    topic = deployment.topic("critical")
    deployment.alarm("ecs.cpu-high@web", "critical", [topic])
    deployment.alarm("ecs.tasks-low@web", "critical", [topic], state="INSUFFICIENT_DATA")
    found = Stack(deployment)
    found.before = found.see()
    return found
