"""Every query in the documentation asks for what the Django side writes into its lines."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ecs_monitoring.cloudwatch.graph import LogTable
from ecs_monitoring.rules import APP
from ecs_monitoring.rules.app_target import AppTarget
from ecs_monitoring.rules.plan import Scope
from tests.cloudwatch.written import all_panels

sys.path.insert(0, str(Path(__file__).parents[2] / "django_monitoring" / "src"))

from django_monitoring import contract
from django_monitoring.aggregate import Aggregate
from django_monitoring.emf import encode_line
from django_monitoring.events import DISCONNECTED, BrokenStream, CountEvent, QueriesEvent, TaskEvent

PROJECT = Path(__file__).parents[2]

# The dashboard's, beside those of the pages.
DRAWN = "dashboard"

BLOCK = re.compile(r"```text\n *(?P<query>(?:filter|fields|stats) .*?)```", re.DOTALL)
NAME = re.compile(r"\b[A-Z][A-Za-z]+(?:_\w+)?\b")
TEXT = re.compile(r'"[^"]*"')

SAMPLED = {
    *contract.GAUGES,
    contract.OLDEST_METHOD_PROPERTY,
    contract.OLDEST_ROUTE_PROPERTY,
    contract.OLDEST_TASK_PROPERTY,
    contract.QUEUE,
}
"""Written by what is looked at; the tests of the Django package see them come."""


def queries() -> Iterator[tuple[str, str]]:
    """Those of the metrics' lines: others ask for what the application itself writes."""
    for path in (*PROJECT.glob("docs/*.md"), *PROJECT.glob("*.md")):
        for block in BLOCK.finditer(path.read_text()):
            if "Service" in block["query"]:
                yield path.name, block["query"]
    target = AppTarget(service="shop", log_group="/ecs/shop")
    scope = Scope(project="shop", stack="prod", component=APP.key)
    for panel in all_panels(APP.dashboard(scope, {"web": target}, ())):
        if isinstance(panel, LogTable):
            yield DRAWN, panel.query


QUERIES = tuple(queries())


def written() -> set[str]:
    """The fields of all lines that events can make."""
    aggregate = Aggregate("shop", max_keys=500)
    for status in (200, 300, 400, 500, DISCONNECTED):
        aggregate.add(("GET", "orders/<int:pk>/", status, 0.1))
    aggregate.add(QueriesEvent("GET", "orders/<int:pk>/", 3, 0.05))
    aggregate.add(BrokenStream("GET", "orders/<int:pk>/"))
    aggregate.add(TaskEvent("bill", 0.1, 0.2, is_failed=True, is_retried=True))
    aggregate.add(CountEvent(contract.ACTION, "checkout", contract.ACTIONS))
    aggregate.add(CountEvent(contract.TYPE, "OSError", contract.FAILURES))
    lines = (json.loads(encode_line(record)) for record in aggregate.take(1_700_000_000))
    return {name for line in lines for name in line}


def test_there_are_queries() -> None:
    assert {page for page, _ in QUERIES} >= {"django.md", "runbooks.md", DRAWN}


# Properties stand in the first of the lines that a route has in an interval, and those of a status
# only where it came: whoever counts requests beside them must look at all lines.
@pytest.mark.parametrize(("page", "query"), QUERIES, ids=[page for page, _ in QUERIES])
def test_a_share_is_of_all_requests(page: str, query: str) -> None:
    needed = set(re.findall(r"ispresent\((\w+)\)", query))
    if re.search(r"sum\((Requests|Tasks)\)", query):
        assert needed <= {contract.ROUTE, contract.TASK, contract.REQUESTS, contract.TASKS}


@pytest.mark.parametrize(("page", "query"), QUERIES, ids=[page for page, _ in QUERIES])
def test_a_query_asks_for_what_is_written(page: str, query: str) -> None:
    names = set(NAME.findall(TEXT.sub("", query)))
    assert names
    assert names <= written() | SAMPLED
