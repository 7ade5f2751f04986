"""Component arguments: from mappings to their classes, and from Inputs to target models."""

import dataclasses
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, Final, TypeVar

import pulumi
from pydantic import BaseModel, TypeAdapter, ValidationError

from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.rules.nearest import did_you_mean
from ecs_monitoring.rules.target import Configured

_OVERRIDE: Final = TypeAdapter(AlarmOverride)

A = TypeVar("A")
M = TypeVar("M", bound=BaseModel)


class InvalidArgsError(pulumi.RunError):
    """A component was given arguments that it cannot work with; nothing was registered.

    The message names the component, the argument's path, and what to write instead.
    """


def as_args(kind: type[A], value: A | Mapping[str, Any], path: str) -> A:
    """The arguments as an instance of their class, nested ones included.

    A program in another of Pulumi's languages hands them over as plain mappings.

    Args:
        kind: the dataclass.
        value: an instance, or a mapping of its field names.
        path: where the value stands, for error messages.

    Raises:
        InvalidArgsError: an unknown or missing field.
    """
    fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    if not isinstance(value, Mapping):
        value = {name: getattr(value, name) for name in fields}
    for name in value:
        if name not in fields:
            raise InvalidArgsError(f'{path}: unknown field "{name}"{did_you_mean(name, fields)}')
    for name, field in fields.items():
        if value.get(name) is None and field.default is dataclasses.MISSING:
            raise InvalidArgsError(f"{path}.{name} is missing")
    converted = {
        name: _converted(fields[name].type, item, f"{path}.{name}")
        for name, item in value.items()
        if item is not None
    }
    return kind(**converted)


def _converted(hint: Any, value: Any, path: str) -> Any:
    """A value as its type hint wants it; Outputs and plain values pass through."""
    if isinstance(value, BaseModel):
        value = value.model_dump(exclude_none=True)
    origin = typing.get_origin(hint)
    arguments = typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        if isinstance(value, pulumi.Output) and any(_takes_outputs(a) for a in arguments):
            return value
        # Optional[X] and pulumi.Input[X] alike: the first argument is what can be converted.
        return _converted(arguments[0], value, path)
    if isinstance(value, pulumi.Output) and hint is not Any:
        raise InvalidArgsError(
            f"{path} decides which alarms there are, and an Output is known too late for that: "
            "write a plain value"
        )
    if origin is list and isinstance(value, str):
        raise InvalidArgsError(f"{path}: write a list")
    if hint is AlarmOverride and isinstance(value, Mapping):
        return _override(value, path)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        if isinstance(value, hint | Mapping):
            return as_args(hint, value, path)
        raise InvalidArgsError(f"{path}: write a mapping of fields to values")
    # Pulumi's component host has no whole numbers.
    if hint is int and isinstance(value, float) and value.is_integer():
        return int(value)
    if origin is list and isinstance(value, Sequence):
        return [
            _converted(arguments[0], item, f"{path}[{place}]") for place, item in enumerate(value)
        ]
    if origin is dict:
        if not isinstance(value, Mapping | pulumi.Output):
            raise InvalidArgsError(f"{path}: write a mapping of names to values")
        if isinstance(value, Mapping):
            return {
                key: _converted(arguments[1], item, f"{path}.{key}") for key, item in value.items()
            }
    if isinstance(hint, type) and issubclass(hint, Enum) and isinstance(value, str):
        try:
            return hint(value)
        except ValueError:
            known = [str(member.value) for member in hint]
            raise InvalidArgsError(f"{path}: {value!r}{did_you_mean(value, known)}") from None
    return value


def _override(value: Mapping[str, Any], path: str) -> AlarmOverride:
    """An override with its types checked, which dataclasses do not do by themselves."""
    named = as_args(AlarmOverride, value, path)
    try:
        return _OVERRIDE.validate_python(named.changes())
    except ValidationError as error:
        raise InvalidArgsError(_faults(path, error)) from None


def _faults(path: str, error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join([path, *map(str, detail['loc'])])}: {detail['msg']}"
        for detail in error.errors(include_url=False)
    )


def _takes_outputs(hint: Any) -> bool:
    """Whether one side of a union is an Output, as in every ``pulumi.Input``."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return any(_takes_outputs(argument) for argument in typing.get_args(hint))
    # pulumi.Input refers to Output by name alone.
    name = getattr(hint, "__forward_arg__", "")
    return name.startswith("Output") or typing.get_origin(hint) is pulumi.Output


def merged(
    mappings: Iterable[pulumi.Output[dict[str, str]]],
) -> pulumi.Output[dict[str, str]]:
    """Several mappings as one."""
    return pulumi.Output.all(*mappings).apply(
        lambda found: {key: value for mapping in found for key, value in mapping.items()}
    )


def mapping_of(values: Mapping[str, pulumi.Output[str]]) -> pulumi.Output[dict[str, str]]:
    """A mapping of Outputs as an Output; an empty one is a mapping too."""
    return pulumi.Output.all(**values) if values else pulumi.Output.from_input({})


def has_output(value: Any) -> bool:
    """Whether a value is, or holds, something that is not known until the deployment runs."""
    if isinstance(value, Mapping):
        return any(has_output(item) for item in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return any(has_output(item) for item in value)
    return isinstance(value, pulumi.Output)


def given_fields(args: Any) -> dict[str, Any]:
    """The fields of an args dataclass that are set, nested ones as mappings."""
    return {
        field.name: _plain(getattr(args, field.name))
        for field in dataclasses.fields(args)
        if getattr(args, field.name) is not None
    }


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return given_fields(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


def validated(model: type[M], fields: Mapping[str, Any], path: str) -> M:
    """Plain field values as a model, such as a target.

    Raises:
        InvalidArgsError: everything that the model refuses.
    """
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise InvalidArgsError(_faults(path, error)) from None


def stand_ins(model: type[Configured], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with each Output replaced by the example that the model documents."""
    examples = model.examples()
    return {
        name: _stand_in(value, examples[name]) if has_output(value) else value
        for name, value in fields.items()
    }


def _stand_in(value: Any, example: Any) -> Any:
    if isinstance(value, pulumi.Output):
        return example
    leaf = next(iter(example.values()))
    return {key: _stand_in(item, leaf) for key, item in value.items()}
