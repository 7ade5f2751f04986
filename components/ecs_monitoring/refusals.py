"""Arguments that a component cannot work with: where they stand, and what to write instead."""

import re
from collections.abc import Sequence
from typing import Final

import pulumi
from pydantic import ValidationError
from pydantic_core import ErrorDetails

# What a path begins with: the component's type and name, and what follows them.
_OWNER: Final = re.compile(r"^\w+(\.\w+)* ('[^']*'|\"[^\"]*\")(\.|: )?")

_PLAIN_KEY: Final = re.compile(r"[\w-]+")


class InvalidArgsError(pulumi.RunError):
    """A component was given arguments that it cannot work with; nothing was registered.

    The message names the component, the argument's path, and what to write instead.

    Attributes:
        field: the argument's path below the component, such as ``targets.web.cluster``; empty
            where it is no single argument.
        reason: the message without component and path.
        parts: each argument that is refused; the error itself where it is one.
    """

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.field = _OWNER.sub("", path)
        says = message.removeprefix(path) if path else message
        self.reason = _OWNER.sub("", says).lstrip(": ")
        self.parts: tuple[InvalidArgsError, ...] = (self,)

    @classmethod
    def at(cls, path: str, problem: str) -> "InvalidArgsError":
        """What is wrong with the argument at a path: ``<path>: <problem>``."""
        return cls(f"{path}: {problem}", path)

    @classmethod
    def of(cls, parts: Sequence["InvalidArgsError"], between: str) -> "InvalidArgsError":
        """Several refusals as one, whose field is the first one's.

        Args:
            parts: the refusals, at least one.
            between: what stands between their messages.
        """
        error = cls(between.join(map(str, parts)))
        error.field = parts[0].field
        error.parts = tuple(parts)
        return error


def step(key: str | int) -> str:
    """A key as part of a path: ``.web``, ``["ecs.cpu-high"]``, ``[0]``."""
    if isinstance(key, int):
        return f"[{key}]"
    return f".{key}" if _PLAIN_KEY.fullmatch(key) else f'["{key}"]'


def refused(path: str, error: ValidationError) -> InvalidArgsError:
    """Everything that a model refuses.

    Args:
        path: where the fields of the model stand.
        error: what the model said.
    """
    faults = [
        InvalidArgsError.at(path + "".join(map(step, detail["loc"])), _says(detail))
        for detail in error.errors()
    ]
    return InvalidArgsError.of(faults, "; ")


def _says(detail: ErrorDetails) -> str:
    """What a model says of a value, in its own words where it has some."""
    own = detail.get("ctx", {}).get("error") if detail["type"] == "value_error" else None
    return str(own or detail["msg"])
