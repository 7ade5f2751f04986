"""Settings errors that say where, what, and what to write instead."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pydantic_core import ErrorDetails

from ecs_monitoring.rules.webhooks import NOT_OFFERED
from ecs_monitoring.words import did_you_mean

_SECRET: Final = "[secret]"
_LONGEST_VALUE: Final = 80

# Keys that people look for under another name than the settings have.
_UNKNOWN: Final = {
    "chatbot": 'unknown key "chatbot": write the channel\'s ids in slack or microsoft_teams',
    "incident_manager": NOT_OFFERED,
    "opsgenie": NOT_OFFERED,
    "pagerduty": 'unknown key "pagerduty": write the Integration URL of its Amazon CloudWatch '
    "integration in webhooks, by severity and a name, as a secret",
    "teams": 'unknown key "teams": write Microsoft Teams channels in microsoft_teams',
}


@dataclass(frozen=True)
class SettingsProblem:
    """One mistake in a stack's settings.

    Attributes:
        path: where, in Pulumi's config path syntax.
        value: what stands there, as JSON; empty where nothing does.
        fix: what to write instead.
    """

    path: str
    value: str
    fix: str

    def __str__(self) -> str:
        shown = f"{self.path}: {self.value}" if self.value else self.path
        return f"{shown}\n      {self.fix}"


class SettingsError(pulumi.RunError):
    """A stack's settings are wrong; nothing has been registered.

    Pulumi prints a ``RunError`` as a message, without a traceback.

    Attributes:
        problems: every mistake, in the order of the settings.
    """

    def __init__(self, stack: str, problems: Iterable[SettingsProblem]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        count = len(self.problems)
        lines = "\n".join(f"  - {problem}" for problem in self.problems)
        super().__init__(
            f"{count} settings error{'s' if count > 1 else ''} in Pulumi.{stack}.yaml; "
            f"nothing was changed.\n{lines}"
        )


def without_secrets(
    problems: Iterable[SettingsProblem], sections: Iterable[str], texts: Iterable[str]
) -> list[SettingsProblem]:
    """The problems without any value of a secret section, and without its texts anywhere else.

    Args:
        problems: as they were found.
        sections: the paths of the sections with a secret in them.
        texts: what stands in them and nobody may read.
    """
    secret = re.compile(rf"({'|'.join(map(re.escape, sections))})(?![\w-])")
    # A longer text may hold a shorter one.
    secrets = sorted(set(texts), key=len, reverse=True)

    def clean(text: str) -> str:
        for secret_text in secrets:
            text = text.replace(secret_text, _SECRET)
        return text

    return [
        SettingsProblem(
            clean(problem.path),
            _SECRET if problem.value and secret.match(problem.path) else clean(problem.value),
            clean(problem.fix),
        )
        for problem in problems
    ]


def config_path(project: str, keys: Sequence[str | int]) -> str:
    """A path as ``pulumi config set --path`` takes it: ``project:alarms["ecs.cpu-high"]``."""
    first, *rest = keys
    path = f"{project}:{first}"
    for key in rest:
        if isinstance(key, int):
            path += f"[{key}]"
        elif key.replace("_", "").replace("-", "").isalnum():
            path += f".{key}"
        else:
            path += f'["{key}"]'
    return path


def shown_value(value: object, *, secret: bool = False) -> str:
    """A value as it goes into a message: JSON, cut short, never a secret."""
    if secret:
        return _SECRET
    text = json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def problem_from(
    project: str, error: ErrorDetails, known_keys: Sequence[str], *, secret: bool
) -> SettingsProblem:
    """A pydantic error as a settings problem.

    Args:
        project: the config's namespace.
        error: one of ``ValidationError.errors()``.
        known_keys: the keys that would have been valid where an unknown one stands.
        secret: whether the value must not be shown.
    """
    keys = [key for key in error["loc"] if key not in ("[key]",)]
    missing = error["type"] == "missing"
    return SettingsProblem(
        config_path(project, keys),
        "" if missing else shown_value(error["input"], secret=secret),
        _fix(error, str(keys[-1]), known_keys),
    )


_FIXES: Final = {
    "missing": "is missing: write {key}: <value>",
    "value_error": "{error}",
    "bool_type": "write true or false, without quotes",
    "int_type": "write a whole number, without quotes",
    "int_from_float": "write a whole number, without quotes",
    "float_type": "write a number, without quotes",
    "string_type": "write a text",
    "list_type": "write a list",
    "tuple_type": "write a list",
    "enum": "write one of: {expected}",
    "literal_error": "write one of: {expected}",
    "less_than_equal": "write {le} or less",
    "greater_than_equal": "write {ge} or more",
    "multiple_of": "write a multiple of {multiple_of}",
    "string_too_short": "write {min_length} or more characters",
    "string_too_long": "write at most {max_length} characters",
    "too_short": "write {min_length} or more entries",
    "too_long": "write at most {max_length} entries",
    "string_pattern_mismatch": "write a text of the form {pattern}",
    "model_type": "write a mapping of keys to values",
    "model_attributes_type": "write a mapping of keys to values",
    "dict_type": "write a mapping of keys to values",
    "dataclass_type": "write a mapping of keys to values",
}
"""What to write instead, by the type of pydantic's error."""


def _fix(error: ErrorDetails, key: str, known_keys: Sequence[str]) -> str:
    if error["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return _UNKNOWN.get(key) or f'unknown key "{key}"{did_you_mean(key, known_keys)}'
    context = {name: _plain(value) for name, value in error.get("ctx", {}).items()}
    return (
        _FIXES[error["type"]].format(key=key, **context)
        if error["type"] in _FIXES
        else error["msg"]
    )


def _plain(value: object) -> object:
    """A whole number without decimals; anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
