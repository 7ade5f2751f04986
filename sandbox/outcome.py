"""What a preview, deployment, refresh or destruction of a stack did, in either deployment mode."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from stack.program import Registration


class ResourceAction(StrEnum):
    """What became of a resource."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    SAME = "same"
    FAIL = "fail"


_PAST = {
    ResourceAction.CREATE: "created",
    ResourceAction.UPDATE: "updated",
    ResourceAction.REPLACE: "replaced",
    ResourceAction.DELETE: "deleted",
    ResourceAction.SAME: "unchanged",
    ResourceAction.FAIL: "failed",
}


@dataclass(frozen=True, kw_only=True)
class ResourceChange:
    """What became, or in a preview would become, of one resource.

    Attributes:
        action: what was done.
        type: the type token; components have one too.
        name: the Pulumi name.
        urn: the whole URN.
        properties: paths of the properties that changed; empty for a creation.
        custom: whether a provider manages it; components are not.
    """

    action: ResourceAction
    type: str
    name: str
    urn: str
    properties: tuple[str, ...] = ()
    custom: bool = True

    def __str__(self) -> str:
        kind = self.type.rpartition(":")[2]
        what = f"{_PAST[self.action]:<9} {kind} {self.name}"
        return f"{what} ({', '.join(self.properties)})" if self.properties else what


Progress = Callable[[ResourceChange], None]
"""Told of each resource as soon as it is done."""


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What an operation did.

    Attributes:
        mode: ``pulumi`` or ``process``.
        operation: ``preview``, ``up``, ``refresh`` or ``destroy``.
        changes: a change a resource, in the order in which they were done.
        registrations: what the program registered, inputs included; empty where it did not run.
        exports: the stack's outputs; secrets masked.
        warnings: what the program and the engine warned of.
        errors: what went wrong.
        seconds: how long it took.
    """

    mode: str
    operation: str
    changes: tuple[ResourceChange, ...] = ()
    registrations: tuple[Registration, ...] = ()
    exports: Mapping[str, Any]
    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    seconds: float = 0.0

    def of(self, action: ResourceAction) -> list[ResourceChange]:
        """The changes of one kind to what a provider manages."""
        return [change for change in self.changes if change.action is action and change.custom]

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing was, or would be, done to anything."""
        return all(change.action is ResourceAction.SAME for change in self.changes)

    @property
    def summary(self) -> str:
        """The changes in numbers, such as ``25 created, 1 updated``."""
        counts = Counter(change.action for change in self.changes if change.custom)
        parts = [f"{counts[action]} {_PAST[action]}" for action in ResourceAction if counts[action]]
        return ", ".join(parts) or "nothing to do"


class DeploymentError(Exception):
    """An operation did not finish; the message says what went wrong.

    Attributes:
        outcome: what it did all the same.
    """

    def __init__(self, outcome: Deployment) -> None:
        super().__init__("\n".join(outcome.errors) or f"{outcome.operation} failed")
        self.outcome = outcome


class ConcurrentUpdateError(Exception):
    """Another update of the stack is under way."""
