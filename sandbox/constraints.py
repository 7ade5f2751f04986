"""What AWS says that it would refuse, which the emulator takes all the same.

AWS's own service models, as botocore carries them, state lengths, ranges, patterns and permitted
values of what an operation is sent. botocore itself checks little of it, and moto hardly any.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any


class WouldRefuseError(Exception):
    """AWS would refuse a request; the message says which part of it, and why."""


def check_request(params: Mapping[str, Any], model: Any, **_: Any) -> None:
    """Hold a request against its service model; a hook of botocore's, before a call.

    Args:
        params: the request.
        model: botocore's model of the operation.

    Raises:
        WouldRefuseError: it is not as AWS says it must be.
    """
    if model.input_shape is None:
        return
    faults = list(_faults(params, model.input_shape, ""))
    if faults:
        raise WouldRefuseError(f"AWS would refuse {model.name}: {'; '.join(faults)}")


def _faults(value: Any, shape: Any, path: str) -> Iterator[str]:
    kind = shape.type_name
    if kind == "structure" and isinstance(value, Mapping):
        for name, item in value.items():
            if name in shape.members:
                yield from _faults(item, shape.members[name], f"{path}.{name}".lstrip("."))
    elif kind == "list" and isinstance(value, list | tuple):
        yield from _size_faults(len(value), shape, path, "entries")
        for index, item in enumerate(value):
            yield from _faults(item, shape.member, f"{path}[{index}]")
    elif kind == "map" and isinstance(value, Mapping):
        yield from _size_faults(len(value), shape, path, "entries")
        for key, item in value.items():
            yield from _faults(key, shape.key, f"{path}.{key}")
            yield from _faults(item, shape.value, f"{path}.{key}")
    elif kind == "string" and isinstance(value, str):
        yield from _text_faults(value, shape, path)
    elif kind in ("integer", "long", "double", "float") and isinstance(value, int | float):
        yield from _size_faults(value, shape, path, "")


def _text_faults(value: str, shape: Any, path: str) -> Iterator[str]:
    yield from _size_faults(len(value), shape, path, "characters")
    if shape.enum and value not in shape.enum:
        yield f"{path} is {value!r}: it must be one of {', '.join(shape.enum)}"
    pattern = _pattern(shape.metadata.get("pattern"))
    if pattern and not pattern.fullmatch(value):
        yield f"{path} is {value!r}: it must match {pattern.pattern}"


def _size_faults(size: float, shape: Any, path: str, unit: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield f"{path} has {size:g} {unit}".rstrip() + f": it must have at least {least}"
    if most is not None and size > most:
        yield f"{path} has {size:g} {unit}".rstrip() + f": it must have at most {most}"


@cache
def _pattern(text: str | None) -> re.Pattern[str] | None:
    """A pattern of a service model, where Python can read it: they are written for Java."""
    if text is None:
        return None
    try:
        return re.compile(text, re.DOTALL)
    except re.error:
        return None
