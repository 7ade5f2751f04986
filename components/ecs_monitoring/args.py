"""Component arguments: from mappings to their classes, and from Inputs to target models."""

import dataclasses
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any, Final, TypeVar

import pulumi
from pydantic import BaseModel, TypeAdapter, ValidationError

from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.outputs import has_output
from ecs_monitoring.refusals import InvalidArgsError as InvalidArgsError
from ecs_monitoring.refusals import refused, step
from ecs_monitoring.rules.target import UNKNOWN_FIELDS, Configured
from ecs_monitoring.words import did_you_mean

_OVERRIDE: Final = TypeAdapter(AlarmOverride)

A = TypeVar("A")
T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


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
    fields: Mapping[str, _Field] = _fields(kind)  # type: ignore[arg-type]
    if not isinstance(value, Mapping):
        value = {name: getattr(value, name) for name in fields}
    for name in value:
        if name not in fields:
            raise InvalidArgsError(
                f'{path}: unknown field "{name}"{did_you_mean(name, fields)}', f"{path}.{name}"
            )
    for name, field in fields.items():
        if field.required and value.get(name) is None:
            raise InvalidArgsError(f"{path}.{name} is missing", f"{path}.{name}")
    return kind(
        **{
            name: fields[name].convert(item, f"{path}.{name}")
            for name, item in value.items()
            if item is not None
        }
    )


@dataclasses.dataclass(frozen=True)
class _Field:
    convert: "_Converter"
    required: bool


_Converter = Callable[[Any, str], Any]


@cache
def _fields(kind: type[Any]) -> Mapping[str, _Field]:
    """How each field of an args dataclass is converted."""
    return {
        field.name: _Field(_converter(field.type), field.default is dataclasses.MISSING)
        for field in dataclasses.fields(kind)
    }


def _converter(hint: Any) -> _Converter:
    """What makes of a value what its type hint wants; Outputs and plain values pass through."""
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) not in (typing.Union, types.UnionType):
        return _unchanged if hint is Any else _at_once(_plain_converter(hint))
    # Optional[X] and pulumi.Input[X] alike: the first argument is what can be converted.
    convert = _plain_converter(arguments[0])
    takes_outputs = any(map(_takes_outputs, arguments))
    return _may_come_later(convert) if takes_outputs else _at_once(convert)


def _plain_converter(hint: Any) -> _Converter:
    """What converts a value that is no Output."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is list:
        return _list_of(_converter(arguments[0]))
    if origin in (dict, Mapping):
        return _mapping_of(_converter(arguments[1]))
    if hint is AlarmOverride:
        return _override
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _args_of(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _one_of(hint)
    return _whole_number if hint is int else _unchanged


def _unchanged(value: Any, path: str) -> Any:
    return value


def _whole_number(value: Any, path: str) -> Any:
    # Pulumi's component host has no whole numbers.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _may_come_later(convert: _Converter) -> _Converter:
    def later(value: Any, path: str) -> Any:
        return value if isinstance(value, pulumi.Output) else convert(value, path)

    return convert if convert is _unchanged else later


def _at_once(convert: _Converter) -> _Converter:
    def converted(value: Any, path: str) -> Any:
        if isinstance(value, pulumi.Output):
            raise InvalidArgsError(
                f"{path} decides which alarms there are, and an Output is known too late for "
                "that: write a plain value",
                path,
            )
        return convert(value, path)

    return converted


def _list_of(convert: _Converter) -> _Converter:
    def listed(value: Any, path: str) -> Any:
        if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
            raise InvalidArgsError.at(path, "write a list")
        if convert is _unchanged:
            return list(value)
        return [convert(item, f"{path}[{place}]") for place, item in enumerate(value)]

    return listed


def _mapping_of(convert: _Converter) -> _Converter:
    def mapped(value: Any, path: str) -> Any:
        if not isinstance(value, Mapping):
            raise InvalidArgsError.at(path, "write a mapping of names to values")
        if convert is _unchanged:
            return dict(value)
        return {key: convert(item, f"{path}{step(key)}") for key, item in value.items()}

    return mapped


def _args_of(kind: type[Any]) -> _Converter:
    def converted(value: Any, path: str) -> Any:
        # Of a model, which has been validated, there is nothing to convert.
        if isinstance(value, BaseModel):
            return value
        if isinstance(value, kind | Mapping):
            return as_args(kind, value, path)
        raise InvalidArgsError.at(path, "write a mapping of fields to values")

    return converted


def _one_of(kind: type[Enum]) -> _Converter:
    def chosen(value: Any, path: str) -> Any:
        try:
            return kind(value)
        except ValueError:
            choices = [str(member.value) for member in kind]
            raise InvalidArgsError.at(
                path, f"{value!r}{did_you_mean(str(value), choices)}"
            ) from None

    return chosen


def _override(value: Any, path: str) -> AlarmOverride:
    """An override with its types checked, which dataclasses do not do by themselves."""
    if not isinstance(value, AlarmOverride | Mapping):
        raise InvalidArgsError.at(path, "write a mapping of fields to values")
    named = as_args(AlarmOverride, value, path)
    if isinstance(value, AlarmOverride):
        return named
    try:
        return _OVERRIDE.validate_python(named.changes())
    except ValidationError as error:
        raise refused(path, error) from None


def _takes_outputs(hint: Any) -> bool:
    """Whether one side of a union is an Output, as in every ``pulumi.Input``."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return any(_takes_outputs(argument) for argument in typing.get_args(hint))
    # pulumi.Input refers to Output by name alone.
    name = getattr(hint, "__forward_arg__", "")
    return name.startswith("Output") or typing.get_origin(hint) is pulumi.Output


def given_fields(args: Any) -> dict[str, Any]:
    """The fields of an args dataclass, or of a model, that are set; nested ones as mappings."""
    if isinstance(args, BaseModel):
        return args.model_dump(exclude_none=True)
    return {
        field.name: _plain(getattr(args, field.name))
        for field in dataclasses.fields(args)
        if getattr(args, field.name) is not None
    }


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel) or dataclasses.is_dataclass(value):
        return given_fields(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


def validated(
    model: type[M], fields: Mapping[str, Any], path: str, *, unknown: Iterable[str] = ()
) -> M:
    """Plain field values as a model, such as a target.

    Args:
        model: the model.
        fields: the values by field.
        path: where they stand, for error messages.
        unknown: fields whose values are examples, with which nothing else may be compared.

    Raises:
        InvalidArgsError: everything that the model refuses.
    """
    try:
        return model.model_validate(fields, context={UNKNOWN_FIELDS: frozenset(unknown)})
    except ValidationError as error:
        raise refused(path, error) from None


def as_model(model: type[M], args: Any, path: str) -> M:
    """Args without Outputs as the model that checks them; such a model has been checked.

    Raises:
        InvalidArgsError: everything that the model refuses.
    """
    return args if isinstance(args, model) else validated(model, given_fields(args), path)


def stand_ins(model: type[Configured], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with each Output replaced by the example that the model documents."""
    examples = model.stand_ins()
    return {name: _stand_in(value, examples[name]) for name, value in fields.items()}


def _stand_in(value: Any, example: Any) -> Any:
    if isinstance(value, pulumi.Output):
        return example
    # Of a mapping, some values may be known and others not.
    if not has_output(value):
        return value
    leaf = next(iter(example.values()))
    return {key: _stand_in(item, leaf) for key, item in value.items()}
