"""Characters that no text of the settings has: AWS would refuse them when half a stack is there."""

import re
from collections.abc import Iterator, Mapping, Set
from typing import Any, Final

from settings.errors import SettingsProblem, config_path, shown_value

# Line breaks and tabs are text; whoever writes them, means them.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def control_characters(
    project: str, raw: Mapping[str, Any], secret: Set[str]
) -> Iterator[SettingsProblem]:
    """Texts with a control character, such as the NUL that an escape in a YAML file makes.

    Args:
        project: the config's namespace.
        raw: the settings as they were written.
        secret: the sections of which no value may be shown.
    """
    for keys, text in _texts(raw):
        if strange := _CONTROL.search(text):
            yield SettingsProblem(
                config_path(project, keys),
                shown_value(text, secret=keys[0] in secret),
                f"has the control character U+{ord(strange[0]):04X} as character "
                f"{strange.start() + 1}: remove it",
            )


def _texts(value: Any, *keys: str | int) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text with the way to it."""
    if isinstance(value, str):
        yield keys, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, *keys, key)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _texts(inner, *keys, place)
