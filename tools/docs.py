"""Writes what the docs have from code: settings, runbooks' default lines, pages, the schemas.

``python -m tools.docs`` writes them from models, rows and exports;
``python -m tools.docs --check`` changes nothing and says which file differs.
"""

import argparse
import ast
import inspect
import json
import re
import sys
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, SecretStr
from pydantic_core import PydanticUndefined

from ecs_monitoring.catalog.metrics import Fact
from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import LowSamples, Severity, WarmUp
from ecs_monitoring.cloudwatch.units import format_quantity
from ecs_monitoring.rules import ALL_KINDS, EVENTS, KINDS
from ecs_monitoring.rules.condition import Share
from ecs_monitoring.rules.event_row import EventRow
from ecs_monitoring.rules.log_concerns import CONCERNS, LogFormat
from ecs_monitoring.rules.mute import Mute
from ecs_monitoring.rules.plan import Kind
from ecs_monitoring.rules.row import Math, Rule, Scope, Subject
from ecs_monitoring.words import counted, duration
from sandbox.scenario_files import load_scenarios
from settings.alerts import AlertSettings, Endpoints, Route
from settings.events import EventSettings
from settings.model import DashboardSettings
from settings.new_relic import NewRelicSettings
from settings.review import ReviewSettings
from tools import bounds, exports, schema
from tools.marked import marked, table

ROOT: Final = Path(__file__).resolve().parent.parent
SETTINGS: Final = ROOT / "docs/settings.md"
RUNBOOKS: Final = ROOT / "docs/runbooks.md"
INCIDENTS: Final = ROOT / "docs/incidents.md"
SCHEMA: Final = ROOT / "docs/settings.schema.json"
EXPORTS: Final = ROOT / "docs/exports.md"
RULES_SCHEMA: Final = ROOT / "docs/exported-rules.schema.json"

_PAGES, _END_OF_PAGES = "<!-- pages of the scenarios -->", "<!-- end of pages -->"
_BEGIN, _END = "<!-- fields of {} -->", "<!-- end of fields -->"

_EVENTS: Final = "<!-- all events -->"

_FACTS: Final = {
    Fact.MEMORY: "the class's memory",
    Fact.VCPUS: "the number of vCPUs",
    Fact.ALLOCATED_STORAGE: "allocated storage",
    Fact.LOCAL_STORAGE: "local storage (twice the class's memory)",
    Fact.MAX_CONNECTIONS: "max_connections",
}
_PATTERNS: Final = {concern.key: concern.patterns for concern in CONCERNS}


def default_line(kind: Kind[Any], row: Rule[Any]) -> str:
    """A rule's defaults in one line, as its runbook has them."""
    scope = Scope(project="", stack="", component=kind.key)
    subject = Subject(scope, "", kind.target.example(), next(iter(row.each(kind.target.example()))))
    signal = row.on(subject) if callable(row.on) else row.on
    if isinstance(signal, Math):
        metrics = dict.fromkeys(reading.sheet.name for reading in signal.reads.values())
        needs = dict.fromkeys(reading.sheet.needs for reading in signal.reads.values())
        watched = f"{signal.label}, from {' and '.join(metrics)}"
    else:
        needs = dict.fromkeys([signal.sheet.needs])
        watched = f"`{signal.sheet.namespace}` {signal.sheet.name} {signal.statistic}"
    if row.key in _PATTERNS:
        patterns = _PATTERNS[row.key]
        watched = (
            f"events that match `{patterns[LogFormat.TEXT]}` (JSON: `{patterns[LogFormat.JSON]}`), "
            "Sum"
        )
    threshold = row.when.threshold
    if isinstance(threshold, Share):
        share = "" if threshold.percent == 100 else f"{threshold.percent:g} % of "
        quantity = f"{share}{_FACTS[threshold.of]}"
    else:
        quantity = format_quantity(threshold, signal.unit)
    held = row.held_for(kind.target.example())
    some = "" if held.m == held.n else f" ({held.m} of {held.n})"
    parts = [
        row.severity.value
        if isinstance(row.severity, Severity)
        else "of the severity whose topic does not fail",
        *([] if row.enabled else ["off by default"]),
        f"{watched} {row.when.comparison.sign} {quantity}"
        + (", low sample counts ignored" if row.low_samples is LowSamples.IGNORE else "")
        + (f", for each {kind.part}" if subject.part else ""),
        f"{held.period} s x {held.n}{some}",
        row.missing.value,
        *([_when_new(row.warm_up)] if row.warm_up else []),
        *(f"needs {need}" for need in needs if need),
        *([f"the alarm lives in {kind.region}"] if kind.region else []),
    ]
    return "; ".join(parts)


def _when_new(warm_up: WarmUp) -> str:
    """How an alarm waits that has just been made."""
    waits = duration(warm_up.seconds)
    return f"when new, waits {waits}" if warm_up.is_whole else f"when new, waits for data {waits}"


def event_line(row: EventRow[Any]) -> str:
    """An event's defaults in one line, as its runbook has them."""
    return "; ".join(
        (
            row.severity.value,
            f"`{row.source}` {' or '.join(f'`{type_}`' for type_ in row.detail_types)}"
            + (f" with `{json.dumps(dict(row.detail))}`" if row.detail else ""),
            *([f"only sent {row.only_sent}"] if row.only_sent else []),
        )
    )


def runbooks(text: str) -> str:
    """The runbooks with every default line as the rules and events have it."""
    lines = {row.key: default_line(kind, row) for kind in ALL_KINDS for row in kind.rows}
    lines |= {key: event_line(row) for key, row in EVENTS.items()}
    for key, line in lines.items():
        text = re.sub(
            rf"(\n## {re.escape(key)}\n\n)\*\*Default:\*\*[^\n]*\n",
            lambda match, line=line: f"{match[1]}**Default:** {line}.\n",  # type: ignore[misc]
            text,
        )
    return text


def settings(text: str) -> str:
    """The settings' page with every table as the models have it."""
    sections: dict[str, list[tuple[str, ...]]] = {
        kind.key: list(_fields(kind.configured)) for kind in KINDS
    }
    sections["alerts"] = list(_fields(AlertSettings))
    sections["events"] = list(_fields(EventSettings))
    sections["alerts.routes"] = [
        row for row in _fields(Route) if row[0].strip("`") not in Endpoints.model_fields
    ]
    sections["mutes"] = list(_fields(Mute))
    sections["dashboard"] = list(_fields(DashboardSettings))
    sections["review"] = list(_fields(ReviewSettings))
    sections["new_relic"] = list(_fields(NewRelicSettings))
    sections["alarms"] = list(_override_fields())
    for section, rows in sections.items():
        part = table(("field", "type", "default", "meaning"), rows)
        text = marked(text, _BEGIN.format(section), _END, part, page=SETTINGS.name)
    text = marked(text, _EVENTS, _END, _event_table(), page=SETTINGS.name)
    return bounds.table_in(text)


def _event_table() -> str:
    """The table of all events as their rows have it."""
    rows = [
        (
            f"`{row.key}`",
            row.severity.value,
            row.title + (f"; only sent {row.only_sent}" if row.only_sent else ""),
            f"[{row.source}]({row.documented})",
        )
        for row in EVENTS.values()
    ]
    return table(("event", "severity", "what", "sent by"), rows)


def incidents(text: str) -> str:
    """The page on incidents with the pages of every scenario as its file has them."""
    rows = [
        (
            f"{scenario.title} (`{name}`)",
            f"{scenario.causes}",
            *_pages(scenario.pages.alarm),
            f"{len(scenario.pages.passing)}",
            _minute(scenario.pages.latest),
            *_pages(scenario.pages.incident),
        )
        for name, scenario in load_scenarios().items()
        if scenario.pages.alarm
    ]
    alarm, incident = ("`paging: alarm`", "first"), ("`paging: incident`", "first")
    header = ("scenario", "causes", *alarm, "passing", "latest", *incident)
    part = table(header, rows, rule=("---", *("---:",) * 7))
    return marked(text, _PAGES, _END_OF_PAGES, part, page=INCIDENTS.name)


def _pages(minutes: Sequence[int]) -> tuple[str, str]:
    """How many pages, and the minute of the first."""
    return counted(len(minutes), "page"), _minute(min(minutes, default=None))


def _minute(minute: int | None) -> str:
    return "-" if minute is None else f"minute {minute}"


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        yield (
            f"`{name}`",
            _type_in_words(field.annotation),
            _default_in_words(field.default),
            _prose(field.description or ""),
        )


def _override_fields() -> Iterator[tuple[str, ...]]:
    hints = typing.get_type_hints(AlarmOverride)
    (written,) = ast.parse(inspect.getsource(AlarmOverride)).body
    assert isinstance(written, ast.ClassDef)
    for field, meaning in pairwise(written.body):
        # A field's description stands below it.
        if isinstance(field, ast.AnnAssign) and isinstance(meaning, ast.Expr):
            assert isinstance(field.target, ast.Name)
            name, text = field.target.id, ast.literal_eval(meaning.value)
            yield f"`{name}`", _type_in_words(hints[name]), "the rule's own", _prose(text)


def _prose(text: str) -> str:
    line = " ".join(text.split()).replace("``", "`").replace("|", "\\|").rstrip(".")
    return line[:1].lower() + line[1:] if line[1:2].islower() or line[1:2] == " " else line


_TYPES: Final[Mapping[Any, str]] = {
    str: "text",
    SecretStr: "secret text",
    bool: "true/false",
    int: "whole number",
    float: "number",
}


def _type_in_words(hint: Any) -> str:
    """How the settings' page calls a type; a ``KeyError`` names one that it has no word for."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _type_in_words(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return _type_in_words(arguments[0])
    if origin is dict:
        return f"{_type_in_words(arguments[0])} to {_type_in_words(arguments[1])}"
    if origin in (tuple, list):
        return f"list of {_type_in_words(arguments[0])}"
    if origin is typing.Literal:
        return " or ".join(f"`{value}`" for value in arguments)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return " or ".join(f"`{member.value}`" for member in hint)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return f"{{{', '.join(hint.model_fields)}}}"
    return _TYPES[hint]


def _default_in_words(default: Any) -> str:
    if default is PydanticUndefined:
        return "required"
    if isinstance(default, Enum):
        default = default.value
    if default is None or default in ({}, (), ""):
        return "none"
    if isinstance(default, bool):
        return str(default).lower()
    return f"`{default}`"


def main() -> int:
    """Write pages and schema, or say which of them differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if differing")
    check = parser.parse_args().check
    differing = []
    for path, written in (
        (SETTINGS, settings),
        (RUNBOOKS, runbooks),
        (SCHEMA, schema.written),
        (EXPORTS, exports.page),
        (RULES_SCHEMA, exports.schema),
        (INCIDENTS, incidents),
    ):
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        after = written(before)
        if after != before:
            differing.append(path.relative_to(ROOT))
            if not check:
                path.write_text(after, encoding="utf-8")
    for path in differing:
        print(
            f"{path} differs from the models and rules: run make docs" if check else f"wrote {path}"
        )
    return 1 if check and differing else 0


if __name__ == "__main__":
    sys.exit(main())
