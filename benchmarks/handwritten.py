"""The floor: the registrations of a run, written out as a program without any of our code.

What a person would write by hand for the same resources: the provider's own classes with
literal arguments, plain component resources as groups with the same outputs, and Outputs only
where one resource needs another one, which is where the run's registrations say so.
"""

import importlib
import re
import runpy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from stack.program import ProgramRun, Registration

_MAIN: Final = Path(__file__).with_name("handwritten_main.py")

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

# What an input that is neither an ARN nor a name takes from the resource that it depends on.
_ATTRIBUTES: Final = {"queueUrl": "url", "targetKeyId": "key_id"}

# Where an ARN has another attribute than ``arn``.
_ARNS: Final = {
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": "chat_configuration_arn"
}


@dataclass(frozen=True)
class _Attribute:
    """Stands in an argument where the program has another resource's attribute."""

    urn: str
    name: str

    def of(self, made: Mapping[str, pulumi.Resource]) -> Any:
        return getattr(made[self.urn], self.name)


@dataclass(frozen=True)
class _LinkedText:
    """Stands where the program writes other resources' attributes into a longer text."""

    text: str
    attributes: tuple[_Attribute, ...]

    def of(self, made: Mapping[str, pulumi.Resource]) -> Any:
        named = [attribute.of(made) for attribute in self.attributes]
        return pulumi.Output.all(*named).apply(lambda _: self.text)


class _PlainComponent(pulumi.ComponentResource):
    """A group of resources, as people write it: Pulumi tells positions in the program of those.

    https://www.pulumi.com/docs/iac/concepts/components/
    """

    def __init__(self, type_: str, name: str, opts: pulumi.ResourceOptions) -> None:
        super().__init__(type_, name, None, opts)


@dataclass(frozen=True)
class _Call:
    """One constructor call with its arguments ready; ``linked`` are those with attributes."""

    make: Callable[..., pulumi.Resource]
    registration: Registration
    literal: Mapping[str, Any]
    linked: Mapping[str, Any]
    depends_on: tuple[str, ...]


def handwritten_program(run: ProgramRun) -> Callable[[], None]:
    """A program that registers the same resources as the run, with the same outputs.

    All preparation happens here, so that running the program costs what the hand-written
    lines alone would cost.
    """
    by_urn = {registration.urn: registration for registration in run.registrations}
    # A resource is registered after what it needs, so the run's order will do; but a group's
    # outputs are written once its resources are there.
    calls = [_call(registration, by_urn) for registration in run.registrations]
    arns = _arns(run.registrations)
    outputs = {urn: _linked("", values, arns) for urn, values in run.outputs.items()}
    exports = _linked("", run.exports, arns)

    def register() -> None:
        for function in (
            aws.get_caller_identity_output,
            aws.get_partition_output,
            aws.get_region_output,
        ):
            function()
        made: dict[str, Any] = {}
        for call in calls:
            registration = call.registration
            opts = pulumi.ResourceOptions(
                parent=made.get(registration.parent),
                depends_on=[made[urn] for urn in call.depends_on] or None,
            )
            if registration.custom:
                linked = {name: _written(value, made) for name, value in call.linked.items()}
                made[registration.urn] = call.make(
                    registration.name, **call.literal, **linked, opts=opts
                )
            else:
                made[registration.urn] = call.make(registration.type, registration.name, opts)
        for urn, values in outputs.items():
            made[urn].register_outputs(_written(values, made))
        for name, value in exports.items():
            pulumi.export(name, _written(value, made))

    # As Pulumi's language host starts a program, and as ours is started: each registration sends
    # its stack's frames along.
    # https://github.com/pulumi/pulumi/blob/master/sdk/python/cmd/pulumi-language-python-exec
    def program() -> None:
        runpy.run_path(str(_MAIN), {"register": register}, run_name="__main__")

    return program


def _call(registration: Registration, by_urn: Mapping[str, Registration]) -> _Call:
    if not registration.custom:
        return _Call(_PlainComponent, registration, {}, {}, ())
    _, module, name = registration.type.split(":")
    package = importlib.import_module(f"pulumi_aws.{module.split('/')[0]}")
    literal, linked = {}, {}
    for key, value in registration.inputs.items():
        argument = _snake_keys(key, value)
        if needed := registration.property_dependencies.get(key):
            referred = _referred(key, value, [by_urn[urn] for urn in needed])
            linked[_snake(key)] = _linked(key, argument, referred)
        else:
            literal[_snake(key)] = argument
    by_inputs = {urn for urns in registration.property_dependencies.values() for urn in urns}
    depends_on = tuple(sorted(registration.dependencies - by_inputs))
    return _Call(getattr(package, name), registration, literal, linked, depends_on)


def _referred(key: str, value: Any, needed: Iterable[Registration]) -> dict[str, _Attribute]:
    """Texts that name the resources which an input needs, and the attribute that each stands for.

    An input takes the names of resources, or their ARNs, never both.
    """
    if key in _ATTRIBUTES:
        (only,) = needed
        return {value: _Attribute(only.urn, _ATTRIBUTES[key])}
    arns = _arns(needed)
    if any(arn in str(value) for arn in arns):
        return arns
    return {r.inputs["name"]: _Attribute(r.urn, "name") for r in needed}


def _arns(registrations: Iterable[Registration]) -> dict[str, _Attribute]:
    return {r.arn: _Attribute(r.urn, _ARNS.get(r.type, "arn")) for r in registrations if r.arn}


def _linked(key: str, value: Any, referred: Mapping[str, _Attribute]) -> Any:
    """A value with attributes in the places of the texts that stand for them."""
    if isinstance(value, Mapping):
        return {name: _linked(name, item, referred) for name, item in value.items()}
    if isinstance(value, list):
        return [_linked(key, item, referred) for item in value]
    if not isinstance(value, str) or not referred:
        return value
    if value in referred:
        return referred[value]
    used = tuple(attribute for text, attribute in referred.items() if f'"{text}"' in value)
    return _LinkedText(value, used) if used else value


def _written(value: Any, made: Mapping[str, pulumi.Resource]) -> Any:
    """A value with the attributes of the resources that are there."""
    if isinstance(value, _Attribute | _LinkedText):
        return value.of(made)
    if isinstance(value, Mapping):
        return {name: _written(item, made) for name, item in value.items()}
    return [_written(item, made) for item in value] if isinstance(value, list) else value


def _snake(name: str) -> str:
    return _CAMEL.sub("_", name).lower()


def _snake_keys(name: str, value: Any) -> Any:
    if name in ("tags", "dimensions"):
        return value
    if isinstance(value, Mapping):
        return {_snake(key): _snake_keys(key, item) for key, item in value.items()}
    return [_snake_keys(name, item) for item in value] if isinstance(value, list) else value
