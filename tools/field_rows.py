"""The fields of a settings model as rows of a table: name, type, default and meaning in words."""

import ast
import inspect
import types
import typing
from collections.abc import Iterator, Mapping
from enum import Enum
from itertools import pairwise
from typing import Any, Final

from pydantic import BaseModel, SecretStr
from pydantic_core import PydanticUndefined

from ecs_monitoring.cloudwatch.override import AlarmOverride


def fields(model: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    """The rows of a section's model."""
    for name, field in model.model_fields.items():
        yield (
            f"`{name}`",
            _type_in_words(field.annotation),
            _default_in_words(field.default),
            _prose(field.description or ""),
        )


def override_fields() -> Iterator[tuple[str, ...]]:
    """The rows of what may be changed of an alarm, each of which has the rule's own as default."""
    hints = typing.get_type_hints(AlarmOverride)
    (written,) = ast.parse(inspect.getsource(AlarmOverride)).body
    assert isinstance(written, ast.ClassDef)
    for field, meaning in pairwise(written.body):
        # A field's description stands below it.
        if isinstance(field, ast.AnnAssign) and isinstance(meaning, ast.Expr):
            assert isinstance(field.target, ast.Name)
            name, text = field.target.id, ast.literal_eval(meaning.value)
            yield f"`{name}`", _type_in_words(hints[name]), "the rule's own", _prose(text)


def _prose(text: str) -> str:
    line = " ".join(text.split()).replace("``", "`").replace("|", "\\|").rstrip(".")
    return line[:1].lower() + line[1:] if line[1:2].islower() or line[1:2] == " " else line


_TYPES: Final[Mapping[Any, str]] = {
    str: "text",
    SecretStr: "secret text",
    bool: "true/false",
    int: "whole number",
    float: "number",
}


def _type_in_words(hint: Any) -> str:
    """How the settings' page calls a type; a ``KeyError`` names one that it has no word for."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _type_in_words(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return _type_in_words(arguments[0])
    if origin is dict:
        return f"{_type_in_words(arguments[0])} to {_type_in_words(arguments[1])}"
    if origin in (tuple, list):
        return f"list of {_type_in_words(arguments[0])}"
    if origin is typing.Literal:
        return " or ".join(f"`{value}`" for value in arguments)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return " or ".join(f"`{member.value}`" for member in hint)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return f"{{{', '.join(hint.model_fields)}}}"
    return _TYPES[hint]


def _default_in_words(default: Any) -> str:
    if default is PydanticUndefined:
        return "required"
    if isinstance(default, Enum):
        default = default.value
    if default is None or default in ({}, (), ""):
        return "none"
    if isinstance(default, bool):
        return str(default).lower()
    return f"`{default}`"
