"""Which settings are secrets: what must be one, what may be, and what an error never shows."""

import re
from collections.abc import Iterator, Mapping, Set
from typing import Any, Final

import pulumi
from pulumi.runtime import config as runtime_config

from ecs_monitoring.cloudwatch.endpoint import SECRET_ENDPOINTS
from ecs_monitoring.cloudwatch.override import override_fields
from ecs_monitoring.cloudwatch.rule import Severity
from settings.alerts import AlertSettings
from settings.errors import SettingsProblem, config_path, shown_value
from settings.model import StackSettings

_MAY_BE_SECRET: Final = ("alerts", "review", "new_relic")
"""Sections whose values stay secret in everything that is registered."""

# A key of New Relic's, under whatever wrong name, is no less a secret.
_NEVER_SECRET: Final = ("new_relic", "datacenter")
_WORDS: Final = frozenset(AlertSettings.model_fields) | frozenset(override_fields()) | set(Severity)
"""Keys of the settings' own, which a section with a secret in it holds too."""


def open_secrets(project: str, secret: Set[str]) -> Iterator[SettingsProblem]:
    """Sections that are secrets and could not stay so.

    Args:
        project: the config's namespace.
        secret: sections with a secret in them; which value it is, nobody can tell any more.
    """
    for key in sorted(secret):
        if key in StackSettings.model_fields and key not in _MAY_BE_SECRET:
            yield SettingsProblem(
                config_path(project, (key,)),
                shown_value(None, secret=True),
                "is, or holds, a secret, and its values become names, dimensions and links that "
                "everybody reads: write each in plain text, with pulumi config set --plaintext "
                f"--path '{config_path(project, (key,))}…'",
            )


def may_be_secret(place: tuple[int | str, ...], secret: Set[str]) -> bool:
    """Whether what stands at a place could be a secret.

    Args:
        place: where in the settings.
        secret: sections with a secret in them; which value it is, nobody can tell any more.
    """
    is_key = place[0] == "new_relic" and place != _NEVER_SECRET
    return place[0] in secret or bool({*SECRET_ENDPOINTS} & {*place}) or is_key


def plain_text_secrets(config: pulumi.Config, settings: StackSettings) -> list[SettingsProblem]:
    """Secrets that anybody can read who reads the stack's file."""
    return [
        SettingsProblem(
            path := config_path(config.name, place),
            shown_value(None, secret=True),
            f"stands in plain text: write it with pulumi config set --secret --path '{path}'",
        )
        for place in _secret_places(settings)
        if not runtime_config.is_config_secret(config.full_key(place[0]))
    ]


def _secret_places(settings: StackSettings) -> Iterator[tuple[str, ...]]:
    """Where in the settings something stands that must be a secret."""
    for place in settings.alerts.secret_places():
        yield "alerts", *place
    if settings.new_relic:
        yield "new_relic", "license_key"


# Short texts, and words of the settings' own, are no secrets and stand in every other sentence.
_SHORTEST_SECRET: Final = 8

# Names that people choose are no secrets, but a URL, an address or a token is one as a key too.
_SECRET_KEY: Final = re.compile(r"://|@[^@\s]+\.|^[\w+/=-]{24,}$")


def own_texts(value: Any) -> Iterator[str]:
    """Every text of a section that holds a secret, but for the settings' own words."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if _SECRET_KEY.search(key):
                yield key
            yield from own_texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from own_texts(item)
    elif isinstance(value, str) and len(value) >= _SHORTEST_SECRET and value not in _WORDS:
        yield value
