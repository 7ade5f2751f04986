"""The second deployment mode: stacks in this process, without an engine, on Pulumi's mocks.

There is no plan and no state file. What the engine would decide, create, update, replace or leave
alone, is decided resource by resource as the program registers them, by the same table of
handlers; what was deployed is remembered for as long as the stack object lives.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from sandbox.double import Double
from sandbox.in_process import DeployingMocks, Remembered, ResourceKey, change_of, is_managed
from sandbox.outcome import Deployment, DeploymentError, Progress, ResourceAction, ResourceChange
from sandbox.provider_settings import ProviderSettings
from sandbox.wire import Properties, from_plain, revealed
from stack.config import StackConfig
from stack.program import ProgramRun, Registration, run_program

NAME: Final = "process"
"""This mode's name."""


class ProcessDeployer:
    """Stacks that share one account.

    Args:
        double: what knows AWS.
    """

    def __init__(self, double: Double) -> None:
        self._double = double

    def stack(
        self,
        config: StackConfig,
        *,
        progress: Progress | None = None,
        program: Callable[[], None] | None = None,
    ) -> "ProcessStack":
        """A stack, with nothing deployed yet.

        Args:
            config: its settings.
            progress: told of each resource when it is done.
            program: what to run instead of the project's own ``__main__.py``.
        """
        return ProcessStack(self._double, config, progress, program)


class ProcessStack:
    """One stack in this process."""

    def __init__(
        self,
        double: Double,
        config: StackConfig,
        progress: Progress | None,
        program: Callable[[], None] | None,
    ) -> None:
        self._double = double
        self._config = config
        self._progress = progress
        self._program = program
        self._deployed: dict[ResourceKey, Remembered] = {}

    def configure(self, config: StackConfig) -> None:
        """Give the stack other settings."""
        self._config = config

    def preview(self, *, expect_no_changes: bool = False) -> Deployment:
        """Tell what a deployment would do.

        Raises:
            DeploymentError: it would fail; or it would do something though nothing is expected.
        """
        outcome = self._run("preview")
        if expect_no_changes and not outcome.is_unchanged:
            raise DeploymentError(outcome)
        return outcome

    def up(self) -> Deployment:
        """Deploy.

        Raises:
            DeploymentError: it did not finish.
        """
        return self._run("up")

    def refresh(self) -> Deployment:
        """Take over what became of the resources without the program."""
        start = time.monotonic()
        changes = [self._refreshed(key) for key in list(self._deployed) if is_managed(key)]
        return self._outcome("refresh", changes, None, start)

    def destroy(self) -> Deployment:
        """Delete everything."""
        start = time.monotonic()
        # Each resource is deleted by the provider that it was deployed with.
        mocks = self._mocks(ProviderSettings(region=self._config.region))
        mocks.sweep(set())
        return self._outcome("destroy", mocks.changes, None, start)

    def _mocks(self, provider: ProviderSettings, *, preview: bool = False) -> DeployingMocks:
        return DeployingMocks(
            self._double,
            provider,
            deployed=self._deployed,
            preview=preview,
            progress=None if preview else self._progress,
        )

    def _default_provider(self) -> ProviderSettings:
        """What the stack's settings make of the default provider."""
        properties = {
            key.removeprefix("aws:"): value
            for key, value in self._config.values.items()
            if key.startswith("aws:")
        }
        return ProviderSettings.of(properties, region=self._config.region)

    def _refreshed(self, key: ResourceKey) -> ResourceChange:
        there = self._deployed[key]
        live = self._double.read(there.provider, key[0], there.id, there.inputs, there.outputs)
        if live is None:
            del self._deployed[key]
            return change_of(key, ResourceAction.DELETE)
        self._deployed[key] = Remembered(there.provider, there.id, live.inputs, live.outputs)
        return change_of(
            key, ResourceAction.SAME if live.inputs == there.inputs else ResourceAction.UPDATE
        )

    def _run(self, operation: str) -> Deployment:
        start = time.monotonic()
        preview = operation == "preview"
        changes: list[ResourceChange] = []
        try:
            mocks = self._mocks(self._default_provider(), preview=preview)
            changes = mocks.changes
            run = self._program_run(mocks, preview)
            if preview:
                changes = self._plan(run)
            else:
                mocks.sweep(set(map(_key, run.registrations)))
        except Exception as error:
            failed = self._outcome(operation, changes, None, start, errors=(str(error),))
            raise DeploymentError(failed) from error
        return self._outcome(operation, changes, run, start)

    def _program_run(self, mocks: DeployingMocks, preview: bool) -> ProgramRun:
        run = run_program(self._config, mocks=mocks, preview=preview, program=self._program)
        checked = (
            replace(registration, inputs=_checked(mocks, registration))
            for registration in run.registrations
        )
        return replace(run, registrations=tuple(checked))

    def _plan(self, run: ProgramRun) -> list[ResourceChange]:
        """What a run registered, against what is there."""
        plan = []
        for registration in run.registrations:
            key = _key(registration)
            there = self._deployed.get(key)
            if there is None:
                plan.append(change_of(key, ResourceAction.CREATE))
            elif not is_managed(key):
                plan.append(change_of(key, ResourceAction.SAME))
            else:
                wanted = dict(registration.inputs)
                difference = self._double.difference(there.provider, key[0], there.outputs, wanted)
                action = ResourceAction.UPDATE if difference.changes else ResourceAction.SAME
                plan.append(
                    change_of(
                        key, ResourceAction.REPLACE if difference.replaces else action, difference
                    )
                )
        registered = set(map(_key, run.registrations))
        gone = [key for key in self._deployed if key not in registered]
        return [*plan, *(change_of(key, ResourceAction.DELETE) for key in reversed(gone))]

    def _outcome(
        self,
        operation: str,
        changes: list[ResourceChange],
        run: ProgramRun | None,
        start: float,
        errors: tuple[str, ...] = (),
    ) -> Deployment:
        return Deployment(
            mode=NAME,
            operation=operation,
            changes=tuple(changes),
            registrations=run.registrations if run else (),
            exports=run.exports if run else {},
            warnings=run.warnings if run else (),
            errors=errors,
            seconds=time.monotonic() - start,
        )


def _key(registration: Registration) -> ResourceKey:
    return registration.type, registration.name


def _checked(mocks: DeployingMocks, registration: Registration) -> Properties:
    """A registration's inputs as its provider checks them."""
    inputs = from_plain(registration.inputs)
    return revealed(mocks.checked(_key(registration), registration.provider, inputs))  # type: ignore[no-any-return]
