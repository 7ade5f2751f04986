"""Stacks deployed through the real Pulumi engine, in a scratch folder of their own."""

import contextlib
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pulumi.automation as auto
import yaml
from pulumi.automation._stack import StackInitMode

from sandbox.double import Double
from sandbox.emulator import Emulator
from sandbox.engine import PulumiEngine
from sandbox.events import EventLog
from sandbox.inline import inline
from sandbox.outcome import ConcurrentUpdateError, Deployment, DeploymentError, Progress
from sandbox.provider import Provider, serving
from stack.config import PROJECT, STAND_IN, StackConfig
from stack.file import secret_places, write_stack_file
from stack.program import run_project

PASSPHRASE: Final = "sandbox"
"""What the sandbox's secrets are encrypted with; they are in a scratch folder that goes away."""

_LAST_EVENT_SECONDS: Final = 5

_CALL_FAILED: Final = "Exception calling application: "

NAME: Final = "pulumi"
"""This mode's name."""


class _Stack(auto.Stack):
    """A stack that is not asked again for what its events have told; it would double the time."""

    def outputs(self) -> auto.OutputMap:
        """Nothing: the outputs are among the events."""
        return {}

    def info(self, show_secrets: bool = True) -> auto.UpdateSummary:
        """Nothing: the changes are among the events."""
        return auto.UpdateSummary(
            kind="", start_time=datetime.now(), message="", environment={}, config={}, result=""
        )


class EngineDeployer:
    """Stacks that share one backend and one account.

    Args:
        engine: the Pulumi CLI.
        provider: the double, as the engine reaches it.
        port: where it does.
        scratch: a folder for everything that Pulumi keeps.

    Attributes:
        environment: variables with which any Pulumi command works on this backend and account.
    """

    def __init__(self, engine: PulumiEngine, provider: Provider, port: int, scratch: Path) -> None:
        self._engine = engine
        self._provider = provider
        self._scratch = scratch
        self.environment = {
            "PULUMI_HOME": str(scratch / "home"),
            "PULUMI_BACKEND_URL": f"file://{scratch / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_CONFIG_PASSPHRASE_FILE": "",
            "PULUMI_ACCESS_TOKEN": "",
            "PULUMI_DEBUG_PROVIDERS": f"aws:{port}",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # A state after each resource is for a machine that dies on the way, and this one's
            # states go with it: the whole state written once takes a third of the time.
            # https://github.com/pulumi/pulumi/issues/10668
            "PULUMI_SKIP_CHECKPOINTS": "true",
        }
        for folder in ("state", "home"):
            (scratch / folder).mkdir(parents=True, exist_ok=True)

    def stack(
        self,
        config: StackConfig,
        *,
        progress: Progress | None = None,
        program: Callable[[], None] | None = None,
    ) -> "EngineStack":
        """A stack, new in this backend.

        Args:
            config: its settings.
            progress: told of each resource when it is done.
            program: what to run instead of the project's own ``__main__.py``.
        """
        folder = self._scratch / config.project / config.stack
        folder.mkdir(parents=True)
        project = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text(encoding="utf-8"))
        # The stack's own project: stacks of another folder may be called otherwise.
        project["name"] = config.project
        (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project), encoding="utf-8")
        workspace = auto.LocalWorkspace(
            work_dir=str(folder),
            pulumi_home=str(self._scratch / "home"),
            env_vars=self.environment,
            pulumi_command=self._engine.command,
        )
        stack = EngineStack(
            _Stack(config.stack, workspace, StackInitMode.CREATE),
            folder,
            self._provider,
            program or run_project,
            progress,
        )
        stack.configure(config)
        return stack


class EngineStack:
    """One stack under the engine."""

    def __init__(
        self,
        stack: auto.Stack,
        folder: Path,
        provider: Provider,
        program: Callable[[], None],
        progress: Progress | None,
    ) -> None:
        self._stack = stack
        self._folder = folder
        self._provider = provider
        self._program = program
        self._progress = progress

    @property
    def state_file(self) -> Path:
        """Where the backend keeps the stack's state."""
        project = yaml.safe_load((self._folder / "Pulumi.yaml").read_text())["name"]
        stacks = self._folder.parent.parent / "state" / ".pulumi" / "stacks"
        return stacks / str(project) / f"{self._stack.name}.json"

    def configure(self, config: StackConfig) -> None:
        """Give the stack other settings."""
        write_stack_file(self._folder / f"Pulumi.{self._stack.name}.yaml", config)
        for place in secret_places(config):
            self.set_secret(place, STAND_IN)

    def set_secret(self, path: str, value: str) -> None:
        """Set one secret, as ``pulumi config set --secret --path`` would."""
        self._stack.set_config(path, auto.ConfigValue(value, secret=True), path=True)

    def preview(self, *, expect_no_changes: bool = False, plan: Path | None = None) -> Deployment:
        """Tell what a deployment would do.

        Args:
            expect_no_changes: whether any change is a failure.
            plan: where to save what would be done, for ``up``.

        Raises:
            DeploymentError: it would fail; or it would do something though nothing is expected.
        """
        return self._run(
            "preview",
            self._stack.preview,
            expect_no_changes=expect_no_changes,
            plan=str(plan) if plan else None,
        )

    def up(self, *, plan: Path | None = None) -> Deployment:
        """Deploy.

        Args:
            plan: what a preview saved; nothing else is done then.

        Raises:
            DeploymentError: it did not finish.
            ConcurrentUpdateError: another update is under way.
        """
        return self._run("up", self._stack.up, show_secrets=False, plan=str(plan) if plan else None)

    def refresh(self) -> Deployment:
        """Take over what became of the resources without Pulumi."""
        return self._run("refresh", self._stack.refresh, show_secrets=False)

    def destroy(self) -> Deployment:
        """Delete everything."""
        return self._run("destroy", self._stack.destroy, show_secrets=False)

    def _run(self, operation: str, run: Callable[..., Any], **options: Any) -> Deployment:
        log = EventLog(self._progress)
        runs_program = operation in ("preview", "up")
        start = time.monotonic()
        failure = None
        try:
            with inline(self._program) as program:
                run(on_event=log, color="never", program=program, **options)
        except auto.ConcurrentUpdateError as error:
            raise ConcurrentUpdateError(_error_line(error)) from None
        except auto.CommandError as error:
            failure = _error_line(error)
        log.finished.wait(_LAST_EVENT_SECONDS)
        outcome = Deployment(
            mode=NAME,
            operation=operation,
            changes=log.changes,
            registrations=log.registrations(self._provider.checked) if runs_program else (),
            exports=log.exports,
            warnings=log.warnings,
            errors=log.errors or ((failure,) if failure else ()),
            seconds=time.monotonic() - start,
        )
        if failure is not None:
            raise DeploymentError(outcome)
        return outcome


@contextlib.contextmanager
def engine_deployer(engine: PulumiEngine, emulator: Emulator) -> Iterator[EngineDeployer]:
    """The deployer, with its provider and scratch folder, for as long as the block lasts."""
    provider = Provider(Double(emulator.clients))
    with (
        tempfile.TemporaryDirectory(prefix="sandbox-") as scratch,
        serving(provider) as port,
    ):
        yield EngineDeployer(engine, provider, port, Path(scratch))


def _error_line(error: auto.CommandError) -> str:
    """The engine's own words, without the command's whole output."""
    lines = re.findall(r"^\s*error: (.+)$", str(error), re.MULTILINE)
    # What the program's calls come to once the engine has ended says nothing of why it did.
    why = [line for line in lines if not line.startswith(_CALL_FAILED)] or lines
    return why[-1] if why else str(error)
