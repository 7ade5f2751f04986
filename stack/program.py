"""Runs the Pulumi program in process, on Pulumi's test runtime, and records what it registers."""

import asyncio
import contextlib
import contextvars
import gc
import logging
import runpy
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

import pulumi
from pulumi.runtime import mocks as runtime_mocks
from pulumi.runtime import rpc, set_all_config
from pulumi.runtime import settings as runtime_settings
from pulumi.runtime.stack import run_in_stack

from stack.config import PROJECT, StackConfig
from stack.placeholder_aws import PlaceholderAws

_STACK_TYPE: Final = "pulumi:pulumi:Stack"

SECRET: Final = "[secret]"
"""Stands where a secret would be shown."""


@dataclass(frozen=True, kw_only=True)
class Registration:
    """One resource that the program registered.

    Attributes:
        type: the type token, such as ``aws:cloudwatch/metricAlarm:MetricAlarm``.
        name: the Pulumi name.
        urn: the whole URN.
        parent: the parent's URN; empty for the stack's own children.
        inputs: the properties by their wire names (``alarmActions``); secrets unwrapped.
        secret_inputs: names of the inputs that are, or hold, a secret.
        arn: the ARN that the resource got, where it has one.
        provider: the explicit provider, if any.
        custom: whether a provider manages it; components are not.
        dependencies: URNs of what has to be there before it, as far as whoever recorded it knows.
        property_dependencies: of those, what each input was made from, by its wire name.
    """

    type: str
    name: str
    urn: str
    parent: str
    inputs: Mapping[str, Any]
    secret_inputs: frozenset[str]
    arn: str
    provider: str
    custom: bool
    dependencies: frozenset[str] = frozenset()
    property_dependencies: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ProgramRun:
    """What a run of the program registered, exported and said.

    Attributes:
        registrations: in the order of registration.
        exports: the stack's outputs.
        outputs: what each component registered as its outputs, by the component's URN.
        warnings: what it logged as warnings, in order.
    """

    registrations: tuple[Registration, ...]
    exports: Mapping[str, Any]
    outputs: Mapping[str, Mapping[str, Any]]
    warnings: tuple[str, ...]

    def of_type(self, type_: str) -> list[Registration]:
        """The registrations of one type, such as ``aws:sns/topic:Topic``."""
        return [registration for registration in self.registrations if registration.type == type_]


class _Monitor(runtime_mocks.MockMonitor):
    """Pulumi's mock monitor, keeping what it does not hand to mocks: parents, secrets, exports."""

    def __init__(self, mocks: pulumi.runtime.Mocks) -> None:
        super().__init__(mocks)
        self.registrations: list[Registration] = []
        self.exports: dict[str, Any] = {}
        self.outputs: dict[str, dict[str, Any]] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (the runtime's own name)
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        if request.type != _STACK_TYPE:
            inputs = rpc.deserialize_properties(request.object, keep_unknowns=True)
            self.registrations.append(
                Registration(
                    type=request.type,
                    name=request.name,
                    urn=response.urn,
                    parent=request.parent,
                    inputs={name: rpc.unwrap_rpc_secret(v) for name, v in inputs.items()},
                    secret_inputs=frozenset(
                        name for name, value in inputs.items() if rpc.is_rpc_secret(value)
                    ),
                    arn=str(self.resources[response.urn].state.get("arn", "")),
                    provider=request.provider,
                    custom=request.custom,
                    dependencies=frozenset(request.dependencies),
                    property_dependencies={
                        name: frozenset(needed.urns)
                        for name, needed in request.propertyDependencies.items()
                        if needed.urns
                    },
                )
            )
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 (the runtime's own name)
        values = rpc.deserialize_properties(request.outputs, keep_unknowns=True)
        outputs = {
            name: SECRET if rpc.is_rpc_secret(value) else value for name, value in values.items()
        }
        if f"::{_STACK_TYPE}::" in request.urn:
            self.exports = outputs
        else:
            self.outputs[request.urn] = outputs
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


def run_program(
    config: StackConfig,
    *,
    mocks: pulumi.runtime.Mocks | None = None,
    preview: bool = False,
    program: Callable[[], None] | None = None,
) -> ProgramRun:
    """Run the project's program for a stack in this process.

    Args:
        config: the stack's config.
        mocks: what answers for AWS; placeholders if left out.
        preview: whether what only a deployment knows is unknown, as in ``pulumi preview``.
        program: what to run instead of the project's own ``__main__.py``.

    Raises:
        pulumi.RunError: what the program itself says is wrong, such as a settings error.
    """
    answers = mocks or PlaceholderAws(config.region)
    monitor = _Monitor(answers)
    warnings: list[str] = []

    thread_loops: list[asyncio.AbstractEventLoop] = []

    def with_loop() -> None:
        # The mock monitor needs an event loop in each thread and would leave its own unclosed.
        thread_loops.append(asyncio.new_event_loop())
        asyncio.set_event_loop(thread_loops[-1])

    async def run() -> None:
        executor = ThreadPoolExecutor(initializer=with_loop)
        asyncio.get_running_loop().set_default_executor(executor)
        runtime_mocks.set_mocks(
            answers,
            project=config.project,
            stack=config.stack,
            preview=preview,
            logger=_collecting_logger(warnings),
            monitor=monitor,
        )
        # set_mocks makes a root of its own; run_in_stack makes the one that exports go to.
        runtime_settings.ROOT.set(None)
        # What an earlier run that failed left unawaited belongs to a loop that is closed.
        runtime_settings.SETTINGS.outputs = set()
        set_all_config(dict(config.values), list(config.secret_keys))
        try:
            await run_in_stack(program or run_project)
        except BaseException:
            for loop in (asyncio.get_running_loop(), *thread_loops):
                loop.set_exception_handler(_without_echoes)
            raise

    # Pulumi's settings are context variables: a context of its own keeps runs apart.
    try:
        with _collection_paused():
            contextvars.copy_context().run(asyncio.run, run())
    finally:
        for loop in thread_loops:
            loop.close()
    return ProgramRun(
        registrations=tuple(monitor.registrations),
        exports=monitor.exports,
        outputs=monitor.outputs,
        warnings=tuple(warnings),
    )


def _without_echoes(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Report what the loop reports, but for futures that failed with a run that was refused.

    They are found whenever the garbage collector gets to them, and would be logged with their
    tracebacks in the middle of something else.
    """
    if not context["message"].endswith("exception was never retrieved"):
        loop.default_exception_handler(context)


@contextlib.contextmanager
def _collection_paused() -> Iterator[None]:
    """Without the cyclic garbage collector, where it was on.

    A run makes thousands of tasks that all live until its end. Looking through them again and
    again finds nothing and makes the time grow faster than the number of resources.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def run_project() -> None:
    """Run the project's own program, in whatever runtime there is."""
    runpy.run_path(str(PROJECT / "__main__.py"), run_name="__main__")


def _collecting_logger(warnings: list[str]) -> logging.Logger:
    logger = logging.Logger("pulumi-program", logging.WARNING)
    handler = logging.Handler()
    handler.emit = lambda record: warnings.append(record.getMessage())  # type: ignore[method-assign]
    logger.addHandler(handler)
    return logger
