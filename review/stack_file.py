"""Overrides in the stack's file: a diff to read, comments kept."""

import difflib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from ecs_monitoring.cloudwatch.alarm import AlarmAddress

# How people indent lists: as far as their key, or further in.
_INDENTS: Final = ((2, 2, 0), (2, 4, 2), (4, 4, 2), (4, 4, 0), (4, 6, 4))


Fields = dict[str, float | int | dict[str, float | int]]
"""What an override sets, by field."""

_SECRET: Final = "secure"
"""The one key of a value that Pulumi keeps encrypted in a stack's file."""


class OverridesError(Exception):
    """The stack's file cannot be changed by this tool; the message says what to do instead."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A change of a stack's file that was not made yet.

    Attributes:
        path: the file.
        before: its text.
        after: its text with the change.
        notes: suggestions that are not in it, with the reason.
    """

    path: Path
    before: str
    after: str
    notes: tuple[str, ...] = ()

    @property
    def diff(self) -> str:
        """The change as a unified diff; empty where there is none."""
        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            fromfile=self.path.name,
            tofile=f"{self.path.name} (suggested)",
        )
        return "".join(lines)


def edit(
    path: Path,
    project: str,
    overrides: Mapping[str, Fields],
    notes: Sequence[str] = (),
) -> Edit:
    """The change that puts overrides into a stack's file.

    Args:
        path: the stack's file.
        project: the project's name, before the colon of each section.
        overrides: by alarm key or address, the fields to set.
        notes: what was left out already.

    Raises:
        OverridesError: the file cannot be read, or cannot be written without changing more of it.
    """
    try:
        text = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise OverridesError(f"{path}: cannot be read: {error}") from None
    if not overrides:
        return Edit(path=path, before=text, after=text, notes=tuple(notes))
    for yaml in _writers():
        after = _edited(yaml, text, project, overrides)
        if after is not None:
            return Edit(path=path, before=text, after=after, notes=tuple(notes))
    lines = "\n".join(f"    {key}: {inline(fields)}" for key, fields in overrides.items())
    raise OverridesError(
        f"{path.name} is laid out in a way that cannot be kept; write these lines under "
        f"{project}:alarms yourself:\n{lines}"
    )


def _writers() -> Iterator[YAML]:
    for mapping, sequence, offset in _INDENTS:
        yaml = YAML()
        yaml.preserve_quotes = True
        yaml.width = 10_000
        yaml.indent(mapping=mapping, sequence=sequence, offset=offset)
        yield yaml


def _edited(yaml: YAML, text: str, project: str, overrides: Mapping[str, Fields]) -> str | None:
    """The text with the overrides; ``None`` where more than them would change."""
    ends = "\r\n" if "\r\n" in text else "\n"
    try:
        document = yaml.load(text.replace(ends, "\n"))
    except YAMLError:
        return None
    if _dumped(yaml, document).replace("\n", ends) != text:
        return None
    before = _plain(document)
    alarms = _alarms(document, project)
    overrides = _without_old_hours(alarms or {}, overrides)
    for key, fields in overrides.items():
        is_new = alarms is not None and not alarms.get(key)
        alarm = _mapping(document, alarms, key)
        if alarm is None:
            return None
        if is_new:
            alarm.fa.set_flow_style()
        _refuse_secrets(f"{project}:alarms.{key}", alarm, fields)
        alarm.update({name: _written(value) for name, value in fields.items()})
    after = _dumped(yaml, document)
    # What an anchor or a merge key shares must not change elsewhere.
    if _plain(yaml.load(after)) != _expected(before, project, overrides):
        return None
    return after.replace("\n", ends)


def _without_old_hours(
    alarms: Mapping[str, Any], overrides: Mapping[str, Fields]
) -> dict[str, Fields]:
    """The overrides, which take back the hours of an older distance where the new one has none."""
    result = dict(overrides)
    for key, fields in overrides.items():
        there = [alarms.get(form) for form in AlarmAddress(key).forms]
        has_hours = any(isinstance(of, Mapping) and of.get("recent_by_hour") for of in there)
        if has_hours and "recent" in fields:
            result[key] = {"recent_by_hour": {}, **fields}
    return result


def _written(value: object) -> object:
    """A value as it stands in the file: a mapping on one line."""
    if not isinstance(value, Mapping):
        return value
    mapping = CommentedMap(value)
    mapping.fa.set_flow_style()
    return mapping


def _plain(document: Any) -> Any:
    """A document without anchors, comments and layout."""
    if isinstance(document, Mapping):
        return {name: _plain(value) for name, value in document.items()}
    if isinstance(document, list):
        return [_plain(value) for value in document]
    return document


def _expected(
    before: dict[str, Any], project: str, overrides: Mapping[str, Fields]
) -> dict[str, Any]:
    """What the changed file must say, and nothing else."""
    config = dict(before.get("config") or {})
    name = _section(config, project)
    alarms = dict(config.get(name) or {})
    for key, fields in overrides.items():
        alarms[key] = {**(alarms.get(key) or {}), **fields}
    return {**before, "config": {**config, name: alarms}}


def _refuse_secrets(path: str, mapping: Mapping[str, Any], fields: Mapping[str, Any]) -> None:
    """Refuse to write plain values into, or over, what Pulumi keeps as a secret.

    Raises:
        OverridesError: there is a secret; the message says how to change it.
    """
    is_secret = _SECRET in mapping
    hidden = [f for f in fields if isinstance(mapping.get(f), Mapping) and _SECRET in mapping[f]]
    if is_secret or hidden:
        what = path if is_secret else f"{path}.{hidden[0]}"
        raise OverridesError(
            f"{what} is a secret, which this tool leaves one; change it with "
            f"`pulumi config set --secret --path '{what}' VALUE`: "
            f"{', '.join(f'{name} {inline(value)}' for name, value in fields.items())}"
        )


def _dumped(yaml: YAML, document: Any) -> str:
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def _section(config: Mapping[str, Any], project: str) -> str:
    name = f"{project}:alarms"
    return "alarms" if name not in config and "alarms" in config else name


def _alarms(document: Any, project: str) -> CommentedMap | None:
    """The section of the overrides, made where it is not there; ``None`` if it is no mapping."""
    config = _mapping(document, document, "config")
    if config is None:
        return None
    name = _section(config, project)
    alarms = _mapping(document, config, name)
    if alarms is not None:
        _refuse_secrets(name, alarms, {})
    return alarms


def _mapping(document: Any, parent: Any, name: str) -> CommentedMap | None:
    """The mapping under a name, made where nothing is there; ``None`` if something else is.

    One that an anchor shares with other places is replaced by a copy of its own.
    """
    if not isinstance(parent, CommentedMap):
        return None
    if not parent.get(name):
        parent[name] = CommentedMap()
    mapping = parent[name]
    if not isinstance(mapping, CommentedMap):
        return None
    if _uses(document, mapping) > 1:
        mapping = parent[name] = CommentedMap(mapping)
        mapping.fa.set_flow_style()
    return mapping


def _uses(document: Any, wanted: CommentedMap) -> int:
    """How often a mapping stands in a document: once, and once more for each alias."""
    if document is wanted:
        return 1
    if isinstance(document, CommentedMap):
        # Older releases of ruamel.yaml give each with its position.
        merged = [of[1] if isinstance(of, tuple) else of for of in document.merge]
        return sum(_uses(value, wanted) for value in [*document.values(), *merged])
    return sum(_uses(value, wanted) for value in document) if isinstance(document, list) else 0


def inline(value: object) -> str:
    """A value of a field in YAML, on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {inline(of)}" for name, of in value.items()) + "}"
    return str(value)
