"""The table of docs/settings.md that says what no threshold may be beyond."""

from collections.abc import Iterator
from typing import Final

from ecs_monitoring.catalog.metrics import SHEETS, Fact, MetricSheet
from ecs_monitoring.cloudwatch.units import format_quantity
from tools.marked import marked, table

_BEGIN, _END = "<!-- highest values -->", "<!-- end of highest values -->"

_FACTS: Final = {
    Fact.MEMORY: "the memory of the class",
    Fact.ALLOCATED_STORAGE: "`max_allocated_storage_gib`, or else `allocated_storage_gib`",
    Fact.LOCAL_STORAGE: "three times the memory of the class, and 32 GiB for small ones; none for "
    "classes with NVMe, such as db.r6gd",
    Fact.MAX_CONNECTIONS: "`max_connections`; 262,143 where it is not written",
    Fact.SESSIONS: "262,143",
    Fact.CPU_CREDITS: "what the class earns in a day, and of db.t2 the launch credits",
    Fact.RESPONSE_TIME: "4,000 s, the longest idle timeout",
}


def table_in(page: str) -> str:
    """The page with its table of highest values."""
    highest: dict[str, list[str]] = {}
    for (_, name), sheet in SHEETS.items():
        if name not in highest.setdefault(_highest(sheet), []):
            highest[_highest(sheet)].append(name)
    rows = [(", ".join(names), bound) for bound, names in highest.items()]
    return marked(page, _BEGIN, _END, table(("metric", "highest"), rows), page="docs/settings.md")


def _highest(sheet: MetricSheet) -> str:
    return "".join(_words(sheet))


def _words(sheet: MetricSheet) -> Iterator[str]:
    if sheet.highest is None:
        yield f"none: {sheet.endless}"
        return
    if not sheet.reached:
        yield "less than "
    if isinstance(sheet.highest, Fact):
        yield _FACTS[sheet.highest]
    else:
        yield format_quantity(sheet.highest, sheet.unit)
