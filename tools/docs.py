"""Writes what the docs have from code: settings, runbooks' default lines, pages, the schemas.

``python -m tools.docs`` writes them from models, rows and exports;
``python -m tools.docs --check`` changes nothing and says which file differs.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from ecs_monitoring.rules import ALL_KINDS, EVENTS, KINDS
from ecs_monitoring.rules.mute import Mute
from ecs_monitoring.words import counted
from sandbox.scenario_files import load_scenarios
from settings.alerts import AlertSettings, Endpoints, Route
from settings.events import EventSettings
from settings.model import DashboardSettings
from settings.new_relic import NewRelicSettings
from settings.review import ReviewSettings
from tools import bounds, exports, schema
from tools.default_lines import default_line, event_line
from tools.field_rows import fields, override_fields
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
    sections: dict[str, Iterable[tuple[str, ...]]] = {
        **{kind.key: fields(kind.configured) for kind in KINDS},
        "alerts": fields(AlertSettings),
        "alerts.routes": (
            row for row in fields(Route) if row[0].strip("`") not in Endpoints.model_fields
        ),
        "events": fields(EventSettings),
        "mutes": fields(Mute),
        "dashboard": fields(DashboardSettings),
        "review": fields(ReviewSettings),
        "new_relic": fields(NewRelicSettings),
        "alarms": override_fields(),
    }
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
