"""Runs stacks with mistakes in their settings, and holds every refusal to what it owes."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pulumi
import pytest

from settings import Settings, SettingsError, SettingsProblem, warnings
from stack.config import StackConfig, read_stack_config
from stack.placeholder_aws import PlaceholderAws
from stack.program import ProgramRun, run_program

PROJECT_NAME = "django-ecs-monitoring"

T = TypeVar("T")

ANY = object()
"""A value that a test does not look at, such as a long one that is cut short."""

NOTHING = object()
"""No value: nothing stands at the path, or the path itself is the mistake."""

SECRET = object()
"""A value that is there and must not be shown."""

# Words of pydantic and of Python, which mean nothing to who writes a stack's settings.
_JARGON = (
    *("Traceback", "pydantic", "validation error", "after validation", "type=", "<class"),
    *("Input should", "should have", "should be", "should match", "object at 0x"),
)

# Words that say what to do: a message without any of them names no fix.
_FIX = re.compile(
    r"\b(write|use|leave|rename|remove|shorten|choose|give|set|add|close|watch fewer"
    r"|room for|at most)\b"
)


class RecordingAws(PlaceholderAws):
    """Placeholders for AWS that remember everything they were asked for."""

    def __init__(self, region: str) -> None:
        super().__init__(region)
        self.asked: list[str] = []

    def new_resource(
        self, args: pulumi.runtime.MockResourceArgs
    ) -> tuple[str | None, dict[str, Any]]:
        self.asked.append(args.typ)
        return super().new_resource(args)

    def call(
        self, args: pulumi.runtime.MockCallArgs
    ) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        self.asked.append(args.token)
        return super().call(args)


def refused(*changes: str, stack: str = "prod", secret: bool = False) -> SettingsError:
    """What a shipped stack says to these changes, ``path=value`` each.

    Args:
        changes: the mistakes.
        stack: the stack that they are made in.
        secret: whether the alerts hold a Pulumi secret.
    """
    config = replace(read_stack_config(stack, settings=changes), secret_keys=frozenset())
    if secret:
        config = with_secret(config, "alerts")
    return refused_config(config)


def refused_config(config: StackConfig) -> SettingsError:
    """What the program says to a config that it must refuse."""
    answer = run_or_refused(config)
    assert isinstance(answer, SettingsError), "the settings were accepted"
    return answer


def run_or_refused(config: StackConfig) -> ProgramRun | SettingsError:
    """What the program registers, or the refusal, before which nothing was registered."""
    aws = RecordingAws(config.region)
    try:
        return run_program(config, mocks=aws)
    except SettingsError as refusal:
        error = refusal
    assert aws.asked == [], "something was registered, or asked, before the settings were refused"
    assert_readable(error, config.stack)
    return error


def with_secret(config: StackConfig, section: str) -> StackConfig:
    """The same config, a section of which holds a Pulumi secret."""
    return replace(config, secret_keys=config.secret_keys | {f"{config.project}:{section}"})


def stack_config(
    settings: Mapping[str, Any], *, region: str = "ap-northeast-1", stack: str = "prod"
) -> StackConfig:
    """A config with exactly these sections, those with webhooks as Pulumi secrets."""
    has_secret = "webhooks" in json.dumps(settings.get("alerts"))
    return StackConfig(
        project=PROJECT_NAME,
        stack=stack,
        values={
            f"{PROJECT_NAME}:{name}": value if isinstance(value, str) else json.dumps(value)
            for name, value in settings.items()
        },
        secret_keys=frozenset({f"{PROJECT_NAME}:alerts"} if has_secret else ()),
        region=region,
    )


def aws_config(settings: Mapping[str, Any], aws: Mapping[str, Any]) -> StackConfig:
    """A config with these sections, and with settings of the AWS provider."""
    made = stack_config(settings)
    values = {
        f"aws:{name}": value if isinstance(value, str) else json.dumps(value)
        for name, value in aws.items()
    }
    return replace(made, values={**made.values, **values})


def asked(config: StackConfig, of: Callable[[Settings], T]) -> T:
    """What a config's settings say to a question, before anything is registered."""
    answers: list[T] = []

    def program() -> None:
        answers.append(of(Settings.load(pulumi.Config())))

    run_program(config, program=program)
    return answers[0]


def problems_of(config: StackConfig) -> list[tuple[str, str, str]]:
    """Path below the project, value and fix of every mistake; none where a config is taken."""
    try:
        asked(config, lambda _: None)
    except SettingsError as refusal:
        found = refusal.problems
    else:
        return []
    return [(p.path.removeprefix(f"{PROJECT_NAME}:"), p.value, p.fix) for p in found]


def warnings_of(config: StackConfig) -> list[str]:
    """What a config is warned of."""
    return asked(config, lambda settings: list(warnings(settings)))


def assert_readable(error: SettingsError, stack: str) -> None:
    """Hold a refusal to what a person needs: where, what, and what to write instead."""
    assert isinstance(error, pulumi.RunError), "Pulumi would print a traceback"
    message = str(error)
    count = len(error.problems)
    assert count >= 1
    heading = f"{count} settings error{'s' if count > 1 else ''} in Pulumi.{stack}.yaml"
    assert message.startswith(heading), message
    assert [word for word in _JARGON if word in message] == [], message
    for problem in error.problems:
        assert str(problem) in message
        assert problem.path.startswith((f"{PROJECT_NAME}:", "aws:")), problem
        assert _FIX.search(problem.fix), f"names no fix: {problem}"


def problem_at(error: SettingsError, path: str) -> SettingsProblem:
    """The one problem at a path."""
    found = [problem for problem in error.problems if problem.path == f"{PROJECT_NAME}:{path}"]
    assert len(found) == 1, f"{len(found)} problems at {path}, of these:\n{error}"
    return found[0]


@dataclass(frozen=True)
class Mistake:
    """A change that must be refused, and what the refusal says.

    Attributes:
        change: ``path=value``; the value is YAML.
        path: the config path, without the project, that the message names.
        value: what stands there, as the message shows it.
        fix: what the message says to write instead, or a part of it.
        besides: further changes that are right by themselves.
    """

    change: str
    path: str
    value: Any
    fix: str
    besides: tuple[str, ...] = ()

    def check(self) -> None:
        """Make the mistake; the message must name path, value and fix."""
        error = refused(*self.besides, self.change)
        problem = problem_at(error, self.path)
        assert self.fix in problem.fix, problem
        if self.value is NOTHING:
            assert problem.value == ""
        elif self.value is SECRET:
            assert problem.value == "[secret]"
        elif self.value is not ANY:
            shown = json.loads(problem.value)
            assert shown == self.value
            assert isinstance(shown, bool) == isinstance(self.value, bool)


def mistakes(table: Mapping[str, Mistake]) -> pytest.MarkDecorator:
    """Run a test for each mistake of a table."""
    return pytest.mark.parametrize("mistake", table.values(), ids=table.keys())


def warned(*changes: str, stack: str = "prod") -> tuple[str, ...]:
    """What a shipped stack with changes is warned of, before anything is registered."""

    def said_first() -> None:
        for warning in warnings(Settings.load(pulumi.Config())):
            pulumi.log.warn(warning)

    config = read_stack_config(stack, settings=changes)
    return run_program(config, program=said_first).warnings


def run_changed(*changes: str, stack: str = "prod") -> ProgramRun:
    """A shipped stack with changes that must be accepted."""
    return run_program(read_stack_config(stack, settings=changes))


def many_tags(count: int, letter: str = "k") -> dict[str, str]:
    """So many tags, from ``k0`` on."""
    return {f"{letter}{number}": "x" for number in range(count)}
