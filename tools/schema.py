"""The JSON schema of stack files, for editors: docs/settings.schema.json.

Made of the settings' models. It knows fields, types, lists of words and the alarm keys; what needs
more than one value (thresholds, regions, patterns) is checked by the preview.
"""

import json
from typing import Any, Final

from ecs_monitoring.rules import ALL_KINDS
from settings import Settings
from stack.config import STACK_FILE_KEYS

PROJECT: Final = "django-ecs-monitoring"

# A value that `pulumi config set --secret` has written:
# https://www.pulumi.com/docs/iac/concepts/config/#how-configuration-values-and-secrets-are-stored
_SECRET: Final = {
    "type": "object",
    "properties": {"secure": {"type": "string"}},
    "required": ["secure"],
    "additionalProperties": False,
    "description": "A secret, as pulumi config set --secret writes it.",
}


def stack_schema() -> dict[str, Any]:
    """The schema of a whole stack file."""
    model = _for_editors(Settings.model_json_schema())
    sections: dict[str, Any] = model["properties"]
    sections["alarms"] |= _alarm_keys(sections["alarms"]["additionalProperties"])
    names = "|".join(sections)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Stack file of {PROJECT}",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "description": "Pulumi config: the stack's settings, and those of the providers.",
                "properties": {
                    f"{PROJECT}:{name}": _or_secret(section) for name, section in sections.items()
                },
                "patternProperties": {f"^{PROJECT}:(?!(?:{names})$)": False},
            },
            **{key: {} for key in STACK_FILE_KEYS if key != "config"},
        },
        "additionalProperties": False,
        "$defs": model["$defs"],
    }


def written(_: str = "") -> str:
    """The schema as text."""
    return json.dumps(stack_schema(), indent=2, ensure_ascii=False) + "\n"


def _alarm_keys(override: dict[str, Any]) -> dict[str, Any]:
    """Overrides by alarm key, each with what it changes; of one target after an @."""
    rows = [row for kind in ALL_KINDS for row in kind.rows]
    own = r"logs\.[A-Za-z0-9_-]+"
    keys = "|".join([*(_literal(row.key) for row in rows), own])
    return {
        "properties": {row.key: {"description": row.title, "allOf": [override]} for row in rows},
        "patternProperties": {f"^(?:{keys})@.+$": override, f"^{own}$": override},
        "additionalProperties": False,
    }


def _literal(key: str) -> str:
    # Editors read regular expressions as ECMAScript does, to which Python's \\- is an error.
    return key.replace(".", r"\.")


def _or_secret(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema, or a secret in its place; an editor shows the mistakes of what was meant."""
    return {
        "description": schema.get("description", ""),
        "if": {"type": "object", "required": ["secure"]},
        "then": _SECRET,
        "else": schema,
    }


def _for_editors(schema: Any) -> Any:
    """Pydantic's schema without its titles, with secrets as Pulumi writes them."""
    if isinstance(schema, list):
        return [_for_editors(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") == "password":
        return _SECRET
    kept = {
        key: _for_editors(value)
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str))
        and not (key == "default" and value in (None, {}, []))
    }
    if isinstance(text := kept.get("description"), str):
        kept["description"] = " ".join(text.split()).replace("``", "`")
    return kept
