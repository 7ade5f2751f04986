"""The floor: the registrations of a run, written out as a program without any of our code.

What a person would write by hand for the same resources: the provider's own classes with
literal arguments, plain component resources as groups, and Outputs only where one resource
needs another one's ARN.
"""

import importlib
import re
import runpy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from stack.program import ProgramRun, Registration

_MAIN: Final = Path(__file__).with_name("handwritten_main.py")

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

# What other resources refer to, and by which attribute.
_REFERENCED: Final = {
    "aws:sns/topic:Topic": "arn",
    "aws:sqs/queue:Queue": "arn",
    "aws:kms/key:Key": "arn",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "arn",
}


@dataclass(frozen=True)
class _Call:
    """One constructor call with its arguments ready."""

    make: Callable[..., pulumi.Resource]
    registration: Registration
    arguments: Mapping[str, Any]


def handwritten_program(run: ProgramRun) -> Callable[[], None]:
    """A program that registers the same resources as the run.

    All preparation happens here, so that running the program costs what the hand-written
    lines alone would cost.
    """
    order = {"aws:kms/key:Key": 1, "aws:sqs/queue:Queue": 2, "aws:sns/topic:Topic": 2}
    registrations = sorted(
        run.registrations,
        key=lambda r: (
            r.custom,
            order.get(r.type, 4 if r.type.endswith(":Dashboard") else 3),
        ),
    )
    calls = [_call(registration) for registration in registrations]
    exports = run.exports

    def register() -> None:
        for function in (
            aws.get_caller_identity_output,
            aws.get_partition_output,
            aws.get_region_output,
        ):
            function()
        made: dict[str, pulumi.Resource] = {}
        arns: dict[str, pulumi.Output[str]] = {}
        for call in calls:
            registration = call.registration
            opts = pulumi.ResourceOptions(parent=made.get(registration.parent))
            if not registration.custom:
                component = pulumi.ComponentResource(
                    registration.type, registration.name, None, opts
                )
                component.register_outputs({})
                made[registration.urn] = component
                continue
            arguments = {name: _linked(value, arns) for name, value in call.arguments.items()}
            resource = call.make(registration.name, **arguments, opts=opts)
            if registration.type in _REFERENCED:
                arns[registration.arn] = resource.arn  # type: ignore[attr-defined]
        for name in exports:
            pulumi.export(name, pulumi.Output.all(*arns.values()))

    # As Pulumi's language host starts a program, and as ours is started: each registration sends
    # its stack's frames along.
    # https://github.com/pulumi/pulumi/blob/master/sdk/python/cmd/pulumi-language-python-exec
    def program() -> None:
        runpy.run_path(str(_MAIN), {"register": register}, run_name="__main__")

    return program


def _call(registration: Registration) -> _Call:
    if not registration.custom:
        return _Call(pulumi.ComponentResource, registration, {})
    _, module, name = registration.type.split(":")
    package = importlib.import_module(f"pulumi_aws.{module.split('/')[0]}")
    arguments = {_snake(key): _snake_keys(key, value) for key, value in registration.inputs.items()}
    return _Call(getattr(package, name), registration, arguments)


def _snake(name: str) -> str:
    return _CAMEL.sub("_", name).lower()


def _snake_keys(name: str, value: Any) -> Any:
    if name in ("tags", "dimensions"):
        return value
    if isinstance(value, Mapping):
        return {_snake(key): _snake_keys(key, item) for key, item in value.items()}
    return [_snake_keys(name, item) for item in value] if isinstance(value, list) else value


def _linked(value: Any, arns: Mapping[str, pulumi.Output[str]]) -> Any:
    """A literal, or an Output where it names what another resource made."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        return [arns.get(item, item) for item in value]
    if not isinstance(value, str):
        return value
    if value in arns:
        return arns[value]
    if value[:1] == "{" and '"' in value:
        used = [arn for name, arn in arns.items() if f'"{name}"' in value]
        if used:
            return pulumi.Output.all(*used).apply(lambda _: value)
    return value
