"""A stack's config as Pulumi would hand it to the program, read from the project's files."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

PROJECT: Final = Path(__file__).resolve().parent.parent
"""The project's folder: where Pulumi.yaml and __main__.py are."""

# Stands for a secret that only its passphrase or key could decrypt. Some settings are checked
# to be https URLs, and .invalid never resolves.
_UNREADABLE_SECRET: Final = "https://secret.invalid/"

# A path of Pulumi's config: a.b, a["b.c"], a[0].
_STEP: Final = re.compile(r'\["(?P<quoted>[^"]+)"\]|\[(?P<index>\d+)\]|(?P<plain>[^.\[\]"]+)')


class StackConfigError(Exception):
    """The stack's files, or a ``--set``, cannot be used; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class StackConfig:
    """What Pulumi hands to the program.

    Attributes:
        project: the project's name.
        stack: the stack's name.
        values: namespaced key to its value; structured values as JSON.
        secret_keys: the keys that are, or hold, a secret.
        region: the AWS provider's region.
        sections: the sections that the project declares, in its own order.
    """

    project: str
    stack: str
    values: Mapping[str, str]
    secret_keys: frozenset[str]
    region: str
    sections: tuple[str, ...] = ()


def stacks(directory: Path = PROJECT) -> list[str]:
    """The names of the stacks that have a settings file."""
    return sorted(path.name.split(".")[1] for path in directory.glob("Pulumi.*.yaml"))


def read_stack_config(
    stack: str, *, settings: Sequence[str] = (), directory: Path = PROJECT
) -> StackConfig:
    """Read a stack's config as the Pulumi CLI would.

    Args:
        stack: the stack's name.
        settings: changes to try, each ``path=value`` with the value in YAML.
        directory: where Pulumi.yaml is.

    Raises:
        StackConfigError: no such stack, unreadable YAML, or a change that has no place.
    """
    path = directory / f"Pulumi.{stack}.yaml"
    if not path.is_file():
        known = ", ".join(stacks(directory)) or "none"
        raise StackConfigError(f"there is no {path.name}: write one of the stacks {known}")
    project_file = _yaml(directory / "Pulumi.yaml")
    project = project_file["name"]
    raw: dict[str, Any] = {
        f"{project}:{key}": declared["default"]
        for key, declared in project_file.get("config", {}).items()
        if "default" in declared
    }
    for key, value in (_yaml(path).get("config") or {}).items():
        raw[key if ":" in key else f"{project}:{key}"] = value
    secret_keys = frozenset(key for key, value in raw.items() if _holds_secret(value))
    plain = {key: _decrypted(value) for key, value in raw.items()}
    for change in settings:
        _apply(plain, project, change)
    return StackConfig(
        project=project,
        stack=stack,
        values={k: v if isinstance(v, str) else json.dumps(v) for k, v in plain.items()},
        secret_keys=secret_keys,
        region=str(plain.get("aws:region", "us-east-1")),
        sections=tuple(project_file.get("config", {})),
    )


def _yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise StackConfigError(f"{path.name} is no YAML: {error}") from None


def _holds_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return set(value) == {"secure"} or any(_holds_secret(item) for item in value.values())
    return isinstance(value, list) and any(_holds_secret(item) for item in value)


def _decrypted(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"secure"}:
            return _UNREADABLE_SECRET
        return {key: _decrypted(item) for key, item in value.items()}
    return [_decrypted(item) for item in value] if isinstance(value, list) else value


def _apply(values: dict[str, Any], project: str, change: str) -> None:
    path, equals, text = change.partition("=")
    if not equals:
        raise StackConfigError(f"--set {change}: write path=value, such as ecs.web.service=api")
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        raise StackConfigError(f"--set {change}: {text!r} is no YAML value") from None
    section, *steps = _steps(path.removeprefix(f"{project}:"))
    key = section if ":" in section else f"{project}:{section}"
    if not steps:
        values[key] = value
        return
    found = values.get(key)
    if not isinstance(found, dict):
        found = values[key] = {}
    for step in steps[:-1]:
        following = found.get(step)
        if not isinstance(following, dict):
            following = found[step] = {}
        found = following
    found[steps[-1]] = value


def _steps(path: str) -> list[str]:
    """A path's keys; an alarm key's own dot needs no quotes after ``alarms.``."""
    steps = [match["quoted"] or match["index"] or match["plain"] for match in _STEP.finditer(path)]
    if not steps:
        raise StackConfigError(f"--set {path!r}: write path=value, such as ecs.web.service=api")
    if steps[0] == "alarms" and len(steps) > 2 and "." not in steps[1]:
        steps[1:3] = [f"{steps[1]}.{steps[2]}"]
    return steps
