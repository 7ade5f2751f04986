"""Settings errors that say where, what, and what to write instead."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

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


def _plain(number: float) -> float:
    """A whole number without decimals."""
    return int(number) if number == int(number) else number


def _fix(error: ErrorDetails, key: str, known_keys: Sequence[str]) -> str:
    context: dict[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return f"is missing: write {key}: <value>"
        case "extra_forbidden" | "unexpected_keyword_argument":
            return _UNKNOWN.get(key) or f'unknown key "{key}"{did_you_mean(key, known_keys)}'
        case "value_error":
            return str(context["error"])
        case "enum" | "literal_error":
            return f"write one of: {context['expected']}"
        case "bool_type":
            return "write true or false, without quotes"
        case "int_type" | "int_from_float":
            return "write a whole number, without quotes"
        case "float_type":
            return "write a number, without quotes"
        case "string_type":
            return "write a text"
        case "list_type" | "tuple_type":
            return "write a list"
        case "less_than_equal":
            return f"write {_plain(context['le'])} or less"
        case "string_too_short":
            return f"write {context['min_length']} or more characters"
        case "string_too_long":
            return f"write at most {context['max_length']} characters"
        case "too_short":
            return f"write {context['min_length']} or more entries"
        case "too_long":
            return f"write at most {context['max_length']} entries"
        case "greater_than_equal":
            return f"write {_plain(context['ge'])} or more"
        case "multiple_of":
            return f"write a multiple of {_plain(context['multiple_of'])}"
        case "string_pattern_mismatch":
            return f"write a text of the form {context['pattern']}"
        case "model_type" | "model_attributes_type" | "dict_type" | "dataclass_type":
            return "write a mapping of keys to values"
        case _:
            return error["msg"]
