"""The command as it is typed, against an emulated account that has mute rules."""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from botocore.validate import ParamValidator  # type: ignore[import-untyped]

from account.account import Account, Caller, CommandLine, Region
from ops.mute import command
from sandbox.mute_rules import MuteRules
from stack.placeholder_aws import ACCOUNT
from tests.account.emulated import Deployment, Double, session
from tests.account.fixtures import credentials, deployment
from tests.times import at

__all__ = ["credentials", "deployment"]

NOW = at("2026-11-26 20:30:45")


class MutingCloudWatch(Double):
    """A CloudWatch with the mute rules that the emulator has not.

    Attributes:
        calls: every request about mute rules: operation and parameters.
        refused: the names of rules that AWS refuses to put or to delete.
    """

    def __init__(self, real: Any, rules: MuteRules) -> None:
        super().__init__(real)
        self._rules = rules
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refused: set[str] = set()

    def put_alarm_mute_rule(self, **request: Any) -> Any:
        return self._ask("PutAlarmMuteRule", request)

    def get_alarm_mute_rule(self, **request: Any) -> Any:
        return self._ask("GetAlarmMuteRule", request)

    def list_alarm_mute_rules(self, **request: Any) -> Any:
        return self._ask("ListAlarmMuteRules", request)

    def delete_alarm_mute_rule(self, **request: Any) -> Any:
        return self._ask("DeleteAlarmMuteRule", request)

    def _ask(self, operation: str, request: dict[str, Any]) -> Any:
        shape = self._real.meta.service_model.operation_model(operation).input_shape
        report = ParamValidator().validate(request, shape)
        assert not report.has_errors(), report.generate_report()
        self.calls.append((operation, request))
        if any(request.get("Name", "").endswith(name) for name in self.refused):
            answer: Any = {"Error": {"Code": "LimitExceeded", "Message": "too many rules"}}
            answer["ResponseMetadata"] = {"HTTPStatusCode": 400}
            raise ClientError(answer, operation)
        answered = self._rules.ask(operation, self._real, request)
        assert answered is not None
        http, parsed = answered
        if http.status_code >= 300:
            raise ClientError(parsed, operation)
        return parsed


@dataclass
class Muting:
    """Opens the account, and keeps its CloudWatch by region."""

    rules: MuteRules
    cloudwatch: dict[str, MutingCloudWatch]
    refused: set[str]

    def __call__(self, profile: str | None, endpoint_url: str | None) -> Account:
        muting = self

        class Emulated(Account):
            def region(self, name: str, caller: Caller) -> Region:
                real = super().region(name, caller)
                client = MutingCloudWatch(real.cloudwatch, muting.rules)
                client.refused = muting.refused
                muting.cloudwatch[name] = client
                return replace(real, cloudwatch=client)

        return Emulated(session(), CommandLine(profile=profile, endpoint_url=endpoint_url))


@dataclass
class Run:
    """What a run of the command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Mute = Callable[..., Run]


@pytest.fixture
def three_alarms(deployment: Deployment) -> None:
    """Of a service and a database, one of them in ALARM."""
    topic = deployment.topic("critical")
    deployment.alarm("ecs.cpu-high@web", "warning", [topic])
    deployment.alarm("ecs.tasks-low@web", "critical", [topic], state="ALARM")
    deployment.alarm("rds.cpu-high@main", "warning", [topic])


@pytest.fixture
def muting() -> Muting:
    return Muting(MuteRules(ACCOUNT), {}, set())


@pytest.fixture
def mute(
    deployment: Deployment, three_alarms: None, muting: Muting, capsys: pytest.CaptureFixture[str]
) -> Mute:
    """Run ``mute prod …`` at a quarter to 20:31 UTC on 26 November 2026."""

    def run(*words: str, now: float = NOW) -> Run:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        arguments = parser.parse_args(["prod", "--region", "ap-northeast-1", *words])
        code = command.main(arguments, opened=muting, clock=lambda: now)
        captured = capsys.readouterr()
        return Run(code, captured.out, captured.err)

    return run
