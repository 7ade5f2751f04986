"""What every model of the settings keeps to: it says what each field is, and takes no others."""

import typing
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from settings import Settings


def models(hint: Any, found: dict[str, type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """Every model within a type, each once."""
    if isinstance(hint, type) and issubclass(hint, BaseModel) and hint.__name__ not in found:
        found[hint.__name__] = hint
        yield hint
        for field in hint.model_fields.values():
            yield from models(field.annotation, found)
    for argument in typing.get_args(hint):
        yield from models(argument, found)


MODELS = list(models(Settings, {}))


def test_the_search_finds_what_is_nested() -> None:
    assert {
        *("Settings", "AlertSettings", "Route", "EventSettings", "EventSetting", "Mute"),
        *("NewRelicSettings", "ReviewSettings", "DashboardSettings", "EcsTarget", "OffHours"),
        *("ExtraPattern", "SlackChannel", "TeamsChannel"),
    } <= {model.__name__ for model in MODELS}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_model_is_strict_about_its_fields_and_says_what_they_are(model: type[BaseModel]) -> None:
    assert model.model_config.get("frozen") is True
    assert model.model_config.get("extra") == "forbid"
    assert [name for name, field in model.model_fields.items() if not field.description] == []
