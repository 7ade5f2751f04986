"""The engine's own account of an operation, from its event stream."""

import re
import threading
from collections.abc import Mapping
from typing import Any, Final

from pulumi.automation import EngineEvent, OpType, StepEventMetadata

from sandbox.outcome import Progress, ResourceAction, ResourceChange
from sandbox.wire import Properties, holds_secret, revealed
from stack.program import Registration

_STACK: Final = "pulumi:pulumi:Stack"
# Providers that no program asked for: the engine makes one a package where none is given.
_DEFAULT_PROVIDER: Final = re.compile(r"::pulumi:providers:[^:]+::default(_|$)")
# What the engine says of an error besides the error itself.
_COUNT: Final = re.compile(r"\d+ errors? occurred:\s*")
_SUMS_UP: Final = re.compile(r"(^|: )(update|preview|refresh|destroy) failed$")
_UNHANDLED: Final = "an unhandled error occurred: "

_MARKUP: Final = re.compile(r"<\{%.*?%\}>|\x1b\[[0-9;]*m")

_ACTIONS: Final = {
    OpType.SAME: ResourceAction.SAME,
    OpType.CREATE: ResourceAction.CREATE,
    OpType.UPDATE: ResourceAction.UPDATE,
    OpType.DELETE: ResourceAction.DELETE,
    OpType.REPLACE: ResourceAction.REPLACE,
    OpType.CREATE_REPLACEMENT: ResourceAction.REPLACE,
    OpType.DELETE_REPLACED: ResourceAction.REPLACE,
}


class EventLog:
    """Takes an operation's events, from any thread, and tells what they amount to.

    Attributes:
        exports: the stack's outputs; secrets masked.
        finished: set when the last event is there.

    Args:
        progress: told of each resource when it is done.
    """

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress
        self._lock = threading.Lock()
        self._changes: dict[str, ResourceChange] = {}
        self._steps: dict[str, StepEventMetadata] = {}
        self.exports: Mapping[str, Any] = {}
        self.finished = threading.Event()
        self._messages: dict[str, list[str]] = {"warning": [], "error": []}

    def __call__(self, event: EngineEvent) -> None:
        """Take an event."""
        with self._lock:
            if event.diagnostic_event:
                said = event.diagnostic_event
                self._say(said.severity, said.message, said.urn or "")
            elif event.resource_pre_event:
                step = event.resource_pre_event.metadata
                self._steps.setdefault(step.urn, step)
            elif event.res_outputs_event:
                self._done(event.res_outputs_event.metadata)
            elif event.res_op_failed_event:
                self._record(event.res_op_failed_event.metadata, ResourceAction.FAIL)
            elif event.cancel_event:
                self.finished.set()

    @property
    def changes(self) -> tuple[ResourceChange, ...]:
        """What became of each resource, in the order in which they were done."""
        return tuple(self._changes.values())

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was warned of, each thing once."""
        return tuple(dict.fromkeys(self._messages["warning"]))

    @property
    def errors(self) -> tuple[str, ...]:
        """What went wrong, each thing once."""
        said = tuple(dict.fromkeys(self._messages["error"]))
        return tuple(line for line in said if not _SUMS_UP.search(line)) or said

    def registrations(self, checked: Mapping[str, Properties]) -> tuple[Registration, ...]:
        """What the program registered, in the order in which the engine took it up.

        Args:
            checked: the inputs that the provider was shown, by URN.
        """
        return tuple(
            self._registration(step, checked.get(urn, {}))
            for urn, step in self._steps.items()
            if step.new is not None and step.type != _STACK and not _DEFAULT_PROVIDER.search(urn)
        )

    def _registration(self, step: StepEventMetadata, inputs: Properties) -> Registration:
        assert step.new is not None
        return Registration(
            type=step.type,
            name=step.urn.rpartition("::")[2],
            urn=step.urn,
            parent=step.new.parent,
            inputs=revealed(inputs),
            secret_inputs=frozenset(name for name, item in inputs.items() if holds_secret(item)),
            arn=str((step.new.outputs or {}).get("arn", "")),
            provider=step.new.provider,
            custom=bool(step.new.custom),
        )

    def _done(self, step: StepEventMetadata) -> None:
        self._steps[step.urn] = step
        if step.type == _STACK:
            self.exports = (step.new.outputs if step.new else None) or {}
            return
        action = _ACTIONS.get(step.op)
        if action is None and step.op is OpType.REFRESH:
            action = _refreshed(step)
        if action is not None:
            self._record(step, action)

    def _record(self, step: StepEventMetadata, action: ResourceAction) -> None:
        if step.type == _STACK or _DEFAULT_PROVIDER.search(step.urn):
            return
        before = self._changes.get(step.urn)
        if before and before.action in (action, ResourceAction.REPLACE):
            return
        state = step.new or step.old
        is_change = action in (ResourceAction.UPDATE, ResourceAction.REPLACE)
        change = ResourceChange(
            action=action,
            type=step.type,
            name=step.urn.rpartition("::")[2],
            urn=step.urn,
            properties=tuple(sorted(step.detailed_diff or step.diffs or ())) if is_change else (),
            custom=bool(state and state.custom),
        )
        self._changes[step.urn] = change
        if self._progress:
            self._progress(change)

    def _say(self, severity: str, message: str, urn: str) -> None:
        if severity not in self._messages:
            return
        types, _, name = urn.rpartition("::")
        type_ = types.rpartition("::")[2].rpartition("$")[2]
        names_it = severity == "error" and urn and type_ != _STACK
        where = f"{type_.rpartition(':')[2]} {name}: " if names_it else ""
        text = _MARKUP.sub("", message).strip().removeprefix(_UNHANDLED)
        self._messages[severity] += [f"{where}{line}" for line in _errors(text)]


def _errors(text: str) -> list[str]:
    """The single errors in a message of the engine, which may be a list of them."""
    counted = _COUNT.match(text)
    if not counted:
        return [text]
    return [item.strip() for item in text[counted.end() :].split("* ") if item.strip()]


def _refreshed(step: StepEventMetadata) -> ResourceAction:
    """What a refresh found out about a resource."""
    if step.new is None:
        return ResourceAction.DELETE
    old = step.old.outputs if step.old else None
    return ResourceAction.SAME if old == step.new.outputs else ResourceAction.UPDATE
