"""A stack's settings file in the scratch folder, written from the settings as they were read."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from stack.config import STAND_IN, StackConfig


def write_stack_file(path: Path, config: StackConfig) -> None:
    """Write a stack's settings; what belongs to the backend, such as its salt, stays."""
    content = (yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None) or {}
    content["config"] = {key: _structured(text) for key, text in config.values.items()}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")


def secret_places(config: StackConfig) -> Iterator[str]:
    """Config paths of the secrets: those that could not be read, and have a stand-in."""
    for key in sorted(config.secret_keys):
        yield from _places(key, _structured(config.values[key]))


def _structured(text: str) -> Any:
    """A config value as a stack's file has it: what is structured is no text there."""
    try:
        content = json.loads(text)
    except ValueError:
        return text
    return content if isinstance(content, Mapping | list) else text


def _places(path: str, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _places(f'{path}["{key}"]', item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _places(f"{path}[{index}]", item)
    elif value == STAND_IN:
        yield path
