"""Suggestions as overrides in the stack's file: a diff to read, comments kept."""

import difflib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ops.review.model import AlarmReview
from replay.suggestion import Suggestion, Verdict

# How people indent lists: as far as their key, or further in.
_INDENTS: Final = ((2, 2, 0), (2, 4, 2), (4, 4, 2), (4, 4, 0), (4, 6, 4))


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


def overrides_of(
    reviews: Sequence[AlarmReview],
) -> tuple[dict[str, dict[str, float | int]], list[str]]:
    """The overrides that the suggested changes are, by override key, and what is left out.

    Only fields that change are among them. An override reaches all parts of a target (all target
    groups of a load balancer), so parts for which different things are suggested are left out.
    """
    found: dict[str, dict[str, float | int]] = {}
    notes = []
    refused = set()
    for review in reviews:
        if review.suggestion.verdict is not Verdict.CHANGE or review.current is None:
            continue
        key = review.address.of_target
        changes = _changes(review.current.definition, review.suggestion)
        if found.setdefault(key, changes) != changes:
            refused.add(key)
    for key in sorted(refused):
        del found[key]
        notes.append(f"{key}: its parts need different thresholds, which one override cannot say")
    return found, notes


def edit(
    path: Path,
    project: str,
    overrides: Mapping[str, Mapping[str, float | int]],
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
    lines = "\n".join(f"    {key}: {_inline(fields)}" for key, fields in overrides.items())
    raise OverridesError(
        f"{path.name} is laid out in a way that cannot be kept; write these lines under "
        f"{project}:alarms yourself:\n{lines}"
    )


def _changes(current: AlarmDefinition, wanted: Suggestion) -> dict[str, float | int]:
    fields: dict[str, float | int] = {}
    if wanted.threshold != current.threshold:
        whole = float(wanted.threshold).is_integer()
        fields["threshold"] = int(wanted.threshold) if whole else wanted.threshold
    if wanted.evaluation_periods != current.evaluation_periods:
        fields["evaluation_periods"] = wanted.evaluation_periods
    if wanted.datapoints_to_alarm != current.breaching_datapoints:
        fields["datapoints_to_alarm"] = wanted.datapoints_to_alarm
    return fields


def _writers() -> Iterator[YAML]:
    for mapping, sequence, offset in _INDENTS:
        yaml = YAML()
        yaml.preserve_quotes = True
        yaml.width = 10_000
        yaml.indent(mapping=mapping, sequence=sequence, offset=offset)
        yield yaml


def _edited(
    yaml: YAML, text: str, project: str, overrides: Mapping[str, Mapping[str, float | int]]
) -> str | None:
    """The text with the overrides; ``None`` where more than them would change."""
    ends = "\r\n" if "\r\n" in text else "\n"
    try:
        document = yaml.load(text.replace(ends, "\n"))
    except YAMLError:
        return None
    if _dumped(yaml, document).replace("\n", ends) != text:
        return None
    alarms = _alarms(document, project)
    for key, fields in overrides.items():
        is_new = alarms is not None and not alarms.get(key)
        alarm = _mapping(alarms, key)
        if alarm is None:
            return None
        if is_new:
            alarm.fa.set_flow_style()
        alarm.update(fields)
    return _dumped(yaml, document).replace("\n", ends)


def _dumped(yaml: YAML, document: Any) -> str:
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def _alarms(document: Any, project: str) -> CommentedMap | None:
    """The section of the overrides, made where it is not there; ``None`` if it is no mapping."""
    config = _mapping(document, "config")
    if config is None:
        return None
    name = f"{project}:alarms"
    return _mapping(config, "alarms" if name not in config and "alarms" in config else name)


def _mapping(parent: Any, name: str) -> CommentedMap | None:
    """The mapping under a name, made where nothing is there; ``None`` if something else is."""
    if not isinstance(parent, CommentedMap):
        return None
    if not parent.get(name):
        parent[name] = CommentedMap()
    found = parent[name]
    return found if isinstance(found, CommentedMap) else None


def _inline(fields: Mapping[str, float | int]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in fields.items()) + "}"
