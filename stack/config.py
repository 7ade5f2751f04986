"""A stack's config as Pulumi would hand it to the program, read from the project's files."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from ecs_monitoring.cloudwatch.endpoint import SECRET_ENDPOINTS
from ecs_monitoring.words import did_you_mean
from stack.config_path import Step, steps_of, with_value
from stack.yaml_values import read_yaml, read_yaml_file

PROJECT: Final = Path(__file__).resolve().parent.parent
"""The project's folder: where Pulumi.yaml and __main__.py are."""

EXAMPLES: Final = PROJECT / "examples" / "stacks"
"""The stacks of an example service, on which tests, demonstrations and benchmarks run."""

STACKS_VARIABLE: Final = "MONITORING_STACKS"
"""Environment variable: the folder of the stack files, where it is not the project's own."""

# The fields of ProjectStack:
# https://github.com/pulumi/pulumi/blob/master/sdk/go/common/workspace/project.go
STACK_FILE_KEYS: Final = (
    *("config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt"),
)
"""What stands in a stack file."""

STAND_IN: Final = "https://mail@secret.invalid/"
"""Stands for a secret that only its passphrase or key could decrypt.

Some settings are checked to be https URLs, others to be email addresses: this is both, and .invalid
never resolves.
"""


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
        warnings: what is to be said of changes that are only tried.
    """

    project: str
    stack: str
    values: Mapping[str, str]
    secret_keys: frozenset[str]
    region: str
    sections: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def stacks_folder() -> Path:
    """Where the stack files are: the project's folder, or what ``MONITORING_STACKS`` names."""
    return Path(os.environ.get(STACKS_VARIABLE) or PROJECT)


def stacks(directory: Path | None = None) -> list[str]:
    """The names of the stacks that have a settings file."""
    names = (path.name for path in (directory or stacks_folder()).glob("Pulumi.*.yaml"))
    return sorted(name.removeprefix("Pulumi.").removesuffix(".yaml") for name in names)


def read_stack_config(
    stack: str, *, settings: Sequence[str] = (), directory: Path | None = None
) -> StackConfig:
    """Read a stack's config as the Pulumi CLI would.

    Args:
        stack: the stack's name.
        settings: changes to try, each ``path=value`` with the value in YAML.
        directory: where Pulumi.yaml is; ``stacks_folder()`` if left out.

    Raises:
        StackConfigError: no such stack, unreadable YAML, or a change that has no place.
    """
    directory = directory or stacks_folder()
    path = directory / f"Pulumi.{stack}.yaml"
    if not path.is_file():
        names = ", ".join(stacks(directory)) or "none"
        where = "" if directory == PROJECT else f" in {directory}"
        raise StackConfigError(f"there is no {path.name}{where}: write one of the stacks {names}")
    project_file = _mapping(directory / "Pulumi.yaml")
    project = project_file.get("name")
    if not isinstance(project, str):
        raise StackConfigError("Pulumi.yaml has no name: write name: <the project's name>")
    sections = _declared(project_file, directory)
    raw: dict[str, Any] = {
        f"{project}:{key}": declared["default"]
        for key, declared in sections.items()
        if "default" in declared
    }
    for key, value in _stack_values(path).items():
        raw[key if ":" in key else f"{project}:{key}"] = value
    secret_keys = {key for key, value in raw.items() if _holds_secret(value)}
    plain = {key: _decrypted(value) for key, value in raw.items()}
    warnings = []
    for change in settings:
        key, *changed = _apply(plain, project, change)
        # What is only tried stands in no file: it is as secret as a deployment would have it.
        if any(f'"{name}"' in json.dumps(changed, default=str) for name in SECRET_ENDPOINTS):
            secret_keys.add(key)
            place = f"{project}:{change.partition('=')[0]}"
            warnings.append(
                f"{place} is tried in plain text: to keep it, write it with pulumi config set "
                f"--secret --path '{place}'"
            )
    return StackConfig(
        project=project,
        stack=stack,
        values={key: _text(value) for key, value in plain.items()},
        secret_keys=frozenset(secret_keys),
        region=str(plain.get("aws:region", "us-east-1")),
        sections=tuple(sections),
        warnings=tuple(warnings),
    )


def _stack_values(path: Path) -> Mapping[str, Any]:
    """What a stack's file configures."""
    content = _mapping(path)
    for key in content:
        if key not in STACK_FILE_KEYS:
            raise StackConfigError(
                f'{path.name} has the unknown key "{key}", which Pulumi leaves aside'
                f"{did_you_mean(key, STACK_FILE_KEYS)}"
            )
    values = content.get("config")
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise StackConfigError(
            f"{path.name}: config is no mapping: write keys with values under it, such as "
            "aws:region: ap-northeast-1"
        )
    return values


def _declared(project_file: Mapping[str, Any], directory: Path) -> Mapping[str, Any]:
    """What stacks may configure, as declared beside them or by the program that ``main`` names."""
    if "config" in project_file or "main" not in project_file:
        return project_file.get("config") or {}
    program = _mapping(directory / project_file["main"] / "Pulumi.yaml")
    return program.get("config") or {}


def _mapping(path: Path) -> dict[str, Any]:
    try:
        content = read_yaml_file(path)
    except yaml.YAMLError as error:
        raise StackConfigError(f"{path.name} is no YAML as Pulumi reads it: {error}") from None
    except OSError as error:
        raise StackConfigError(f"{path.name} cannot be read: {error.strerror}") from None
    if not isinstance(content, dict):
        raise StackConfigError(f"{path.name} is no mapping: write keys with values, config: first")
    return content


def _holds_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return set(value) == {"secure"} or any(_holds_secret(item) for item in value.values())
    return isinstance(value, list) and any(_holds_secret(item) for item in value)


def _decrypted(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"secure"}:
            return STAND_IN
        return {key: _decrypted(item) for key, item in value.items()}
    return [_decrypted(item) for item in value] if isinstance(value, list) else value


def _apply(values: dict[str, Any], project: str, change: str) -> tuple[str, list[Step], Any]:
    """Try a change; returns the key that it is in, the way from there, and the value."""
    path, equals, text = change.partition("=")
    section, *steps = steps_of(path.removeprefix(f"{project}:")) or [""]
    if not equals or not section:
        raise StackConfigError(f"--set {change}: write path=value, such as ecs.web.service=api")
    try:
        value = read_yaml(text)
    except yaml.YAMLError:
        raise StackConfigError(f"--set {change}: {text!r} is no YAML value") from None
    key = section if ":" in str(section) else f"{project}:{section}"
    try:
        values[str(key)] = with_value(values.get(str(key)), steps, value)
    except IndexError as error:
        raise StackConfigError(f"--set {change}: {error}") from None
    return str(key), steps, value


def _text(value: Any) -> str:
    """A value as Pulumi hands it over: texts as they are, nothing as nothing, the rest as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)
