"""Reads a stack's settings from Pulumi's config and validates them all at once."""

import json
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, Final

import pulumi
from pulumi.runtime import config as runtime_config
from pydantic import BaseModel, ValidationError

from ecs_monitoring.cloudwatch.override import AlarmOverride, override_fields
from ecs_monitoring.rules.webhooks import carries_key
from ecs_monitoring.words import closest, did_you_mean
from settings.check import (
    distant_topics,
    override_problems,
    rule_problems,
    shared_problems,
)
from settings.errors import (
    SettingsError,
    SettingsProblem,
    config_path,
    problem_from,
    shown_value,
    without_secrets,
)
from settings.incidents import incident_problems
from settings.muted_hours import muted_for_ever
from settings.mutes import mute_problems
from settings.notifications import chat_problems, route_problems
from settings.places import (
    distant_arns,
    distant_boundary,
    distant_endpoints,
    distant_kinds,
    unknown_account,
    unknown_region,
)
from settings.region import RegionalSettings
from settings.secrets import may_be_secret, open_secrets, own_texts, plain_text_secrets
from settings.tags import tag_problems
from settings.texts import control_characters

_PLAIN_TEXT_SECTIONS: Final = ("permissions_boundary", "runbooks")


class Settings(RegionalSettings):
    """Everything that a stack configures, and the way to read it."""

    @classmethod
    def load(cls, config: pulumi.Config) -> "Settings":
        """The stack's settings, validated whole.

        Args:
            config: the project's config bag.

        Raises:
            SettingsError: anything that is wrong, all of it at once; nothing was registered.
        """
        raw, problems = _read(config)
        problems += _strange_namespaces(config.name)
        secret = {
            key
            for key in _keys(config.name)
            if runtime_config.is_config_secret(config.full_key(key))
        }
        settings, faults = _validated(config.name, raw, secret)
        problems += faults
        # What is valid by itself is checked further, so that one run shows every mistake.
        problems += plain_text_secrets(config, settings)
        problems += tag_problems(settings)
        problems += open_secrets(config.name, secret)
        problems += shared_problems(settings)
        problems += unknown_region(settings)
        problems += distant_kinds(settings)
        problems += distant_arns(settings, raw)
        problems += distant_endpoints(settings)
        problems += distant_boundary(settings)
        problems += distant_topics(settings)
        problems += chat_problems(settings)
        problems += route_problems(settings)
        problems += override_problems(settings, raw)
        problems += rule_problems(settings)
        problems += mute_problems(settings, raw)
        problems += muted_for_ever(settings)
        said = {problem.path for problem in problems}
        strange = control_characters(config.name, raw, secret)
        problems += [problem for problem in strange if problem.path not in said]
        # What is wrong with a rule has been said; its incidents would only repeat it.
        problems += [] if problems else incident_problems(settings, raw)
        if problems:
            # The project's name is in every path.
            texts = {text for key in secret for text in own_texts(raw.get(key))} - {config.name}
            sections = [config_path(config.name, (key,)) for key in secret]
            problems = without_secrets(problems, sections, texts)
            raise SettingsError(pulumi.get_stack(), problems)
        settings._notes = tuple(unknown_account(settings, raw))
        return settings


def _validated(
    project: str, raw: Mapping[str, Any], secret: Set[str]
) -> tuple[Settings, list[SettingsProblem]]:
    """The settings as far as they are valid, and what is not."""
    try:
        return Settings.model_validate_json(json.dumps(raw), strict=True), []
    except ValidationError as error:
        details = error.errors()
    faults = [
        problem_from(
            project,
            detail,
            _known_keys(detail["loc"]),
            # A webhook's URL is a secret wherever somebody wrote it.
            secret=may_be_secret(detail["loc"], secret) or carries_key(detail["input"]),
        )
        for detail in details
    ]
    rest, _ = _validated(project, _without(raw, [detail["loc"] for detail in details]), secret)
    return rest, faults


def _without(raw: Mapping[str, Any], places: Iterable[tuple[int | str, ...]]) -> dict[str, Any]:
    """The raw settings less each section's entry that holds one of the places."""
    left = {key: dict(value) if isinstance(value, dict) else value for key, value in raw.items()}
    for section, *keys in places:
        whole = raw.get(str(section))
        # A section that lacks a field is none without any of its other fields, either.
        if keys and isinstance(whole, Mapping) and keys[0] in whole and str(section) in left:
            left[str(section)].pop(keys[0], None)
        else:
            left.pop(str(section), None)
    return left


def _read(config: pulumi.Config) -> tuple[dict[str, Any], list[SettingsProblem]]:
    sections = list(Settings.model_fields)
    raw: dict[str, Any] = {}
    problems = []
    for key in _keys(config.name):
        if key not in sections:
            problems.append(
                SettingsProblem(
                    config_path(config.name, (key,)),
                    "",
                    f'unknown section "{key}"{did_you_mean(key, sections)}',
                )
            )
        elif key in _PLAIN_TEXT_SECTIONS:
            text = config.get(key) or ""
            if text[:1] in ("[", "{"):
                problems.append(
                    SettingsProblem(
                        config_path(config.name, (key,)), shown_value(text), "write a text"
                    )
                )
            elif text:
                raw[key] = text
        else:
            text = config.get(key) or "null"
            try:
                value = json.loads(text)
            except ValueError:
                value = text
            if value is not None:
                raw[key] = value
    return raw, problems


def _keys(project: str) -> list[str]:
    prefix = f"{project}:"
    return [key.removeprefix(prefix) for key in _every_key() if key.startswith(prefix)]


def _every_key() -> Iterable[str]:
    """The keys of every namespace.

    pulumi.Config can be asked for a key but not for the keys there are, and a misspelt section
    must not be a silently unwatched one.
    """
    return {**runtime_config.get_config_env(), **runtime_config.CONFIG.get()}


def _strange_namespaces(project: str) -> Iterator[SettingsProblem]:
    """Settings under a name that is nearly the project's: nothing would read them."""
    for key in sorted(_every_key()):
        namespace, _, section = key.partition(":")
        is_section = section.partition(".")[0] in Settings.model_fields
        if namespace != project and is_section and closest(namespace, [project]):
            path = f"{project}:{section}"
            yield SettingsProblem(
                path, "", f"is written as {key}, which nothing reads: write {path}"
            )


def _known_keys(location: Sequence[str | int]) -> list[str]:
    """The keys that are valid beside the last one of a location in the settings."""
    type_: Any = Settings
    for key in location[:-1]:
        type_ = _step(type_, key)
    return list(_field_types(type_))


def _step(kind: Any, key: str | int) -> Any:
    """The type found under a key of a value of another type."""
    kind = _plain(kind)
    fields = _field_types(kind)
    if fields:
        return fields.get(str(key))
    arguments = [a for a in typing.get_args(kind) if a is not Ellipsis]
    if typing.get_origin(kind) in (dict, Mapping):
        return arguments[1]
    return arguments[0] if arguments else None


def _plain(kind: Any) -> Any:
    """A type without its annotations, and without the None of what may be left out."""
    while typing.get_origin(kind) in (typing.Annotated, types.UnionType):
        kind = typing.get_args(kind)[0]
    return kind


def _field_types(kind: Any) -> dict[str, Any]:
    kind = _plain(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {name: field.annotation for name, field in kind.model_fields.items()}
    if kind is AlarmOverride:
        return dict.fromkeys(override_fields())
    return {}
