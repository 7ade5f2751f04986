"""A log group that exists becomes the stack's own, as docs/deploying.md says."""

import shlex
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc  # type: ignore[import-untyped]
import pytest
import yaml
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto.language_pb2_grpc import add_LanguageRuntimeServicer_to_server

from sandbox.engine_deployer import EngineStack
from sandbox.outcome import DeploymentError, ResourceAction
from stack.config import PROJECT, read_stack_config
from stack.program import run_project

_GROUP = "/ecs/django-app"
_REGION = "ap-northeast-1"
_LOGS_ONLY = ("ecs={}", "alb={}", "rds={}", "app={}", "review={}", "dashboard={enabled: false}")
_OWN = "logs.app.retention_days=30"


def _documented() -> list[str]:
    """The command of docs/deploying.md, without the stack, which the engine's mode adds."""
    text = (PROJECT / "docs" / "deploying.md").read_text(encoding="utf-8")
    command = text[text.index("pulumi import --stack prod") :].partition("```")[0]
    words = shlex.split(command.replace("\\\n", ""))
    assert words[:4] == ["pulumi", "import", "--stack", "prod"]
    return ["import", *words[4:]]


def _retention(emulator: Any) -> int | None:
    (group,) = emulator.client("logs", _REGION).describe_log_groups(logGroupNamePrefix=_GROUP)[
        "logGroups"
    ]
    retention: int | None = group.get("retentionInDays")
    return retention


def _imports(stack: EngineStack) -> None:
    """Run the documented command.

    It asks the project's language which plugins there are; the sandbox's engine has no Python of
    its own, so that this process answers, as it does when it runs the program.
    """
    project = stack._folder / "Pulumi.yaml"
    before = project.read_text(encoding="utf-8")
    server = grpc.server(ThreadPoolExecutor())
    add_LanguageRuntimeServicer_to_server(LanguageServer(run_project), server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    runtime = {"name": "client", "options": {"address": address}}
    project.write_text(yaml.safe_dump({**yaml.safe_load(before), "runtime": runtime}))
    try:
        stack._stack._run_pulumi_cmd_sync(_documented())
    finally:
        project.write_text(before, encoding="utf-8")
        server.stop(0)


def test_without_an_import_it_cannot_be_made_again(new_stack: Any) -> None:
    stack = new_stack("prod", *_LOGS_ONLY)
    stack.up()
    stack.configure(read_stack_config("prod", settings=[*_LOGS_ONLY, _OWN]))
    with pytest.raises(DeploymentError, match="ResourceAlreadyExistsException"):
        stack.up()


def test_the_documented_import(new_stack: Any, emulator: Any) -> None:
    stack = new_stack("prod", *_LOGS_ONLY)
    stack.up()
    assert _retention(emulator) is None
    _imports(stack)
    stack.configure(read_stack_config("prod", settings=[*_LOGS_ONLY, _OWN]))
    outcome = stack.up()
    touched = {(c.name, c.action) for c in outcome.changes if c.action is not ResourceAction.SAME}
    assert touched == {("logs.app", ResourceAction.UPDATE)}
    assert _retention(emulator) == 30
    assert stack.up().is_unchanged
    # It is not protected, and its events outlive the stack.
    stack.destroy()
    assert _retention(emulator) == 30
