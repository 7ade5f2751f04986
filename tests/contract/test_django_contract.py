"""The Django side publishes what the alarms and graphs look for, under the same names."""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ecs_monitoring.catalog.metrics import app as sheets
from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.rules import APP
from ecs_monitoring.rules.app_target import AppTarget
from ecs_monitoring.rules.plan import Scope
from tests.cloudwatch.written import all_panels, written

sys.path.insert(0, str(Path(__file__).parents[2] / "django_monitoring" / "src"))

from django_monitoring import contract
from django_monitoring.aggregate import Aggregate
from django_monitoring.emf import encode_line
from django_monitoring.events import DISCONNECTED, BrokenStream, CountEvent, QueriesEvent, TaskEvent

SERVICE = "django-app-service"

# The service, which is a value and no name, stands apart in each of them.
SEARCH = re.compile(r"SEARCH\('\{Django/API,(?P<names>[^}]+)\} MetricName=\"(?P<metric>\w+)\" .*")

Published = tuple[str, frozenset[str]]


def published() -> set[Published]:
    """Every metric that the Django side can publish, with the names of its dimensions."""
    aggregate = Aggregate(SERVICE, max_keys=500, max_samples=7)
    for status in (200, 300, 400, 500, DISCONNECTED):
        aggregate.add(("GET", "orders/<int:pk>/", status, 0.1))
    aggregate.add(QueriesEvent("GET", "orders/<int:pk>/", 3, 0.05))
    aggregate.add(BrokenStream("GET", "orders/<int:pk>/"))
    # The time of the second one is dropped.
    for seconds in (0.1, None, 0.1):
        aggregate.add(TaskEvent("bill", seconds, 0.2, is_failed=True, is_retried=True))
    for dimension, name in (
        (contract.ACTION, contract.ACTIONS),
        (contract.TYPE, contract.FAILURES),
        (contract.CACHE, contract.CACHE_HITS),
        (contract.CACHE, contract.CACHE_MISSES),
    ):
        aggregate.add(CountEvent(dimension, "any", name))
    # What is looked at, as the tests of the Django package see it come.
    found = {(name, frozenset(contract.BY_SERVICE)) for name in contract.GAUGES}
    for record in aggregate.take(1_700_000_000):
        assert f'"Namespace":"{sheets.NAMESPACE}"'.encode() in encode_line(record)
        for metric in record.metrics:
            found |= {(metric.name, frozenset(names)) for names in record.dimension_sets}
    return found


def target() -> AppTarget:
    return AppTarget(service=SERVICE, background_tasks=True)


def scope() -> Scope:
    return Scope(project="shop", stack="prod", component=APP.key)


def graphed(properties: Mapping[str, Any]) -> Iterator[Published]:
    """What a widget draws of the namespace."""
    for entry in properties["metrics"]:
        if entry[0] == sheets.NAMESPACE:
            yield entry[1], frozenset(entry[2:-1:2])
        search = SEARCH.match(entry[-1].get("expression", ""))
        if search:
            yield search["metric"], frozenset(search["names"].split(","))


def test_every_alarm_has_its_metric() -> None:
    on = {key: AlarmOverride(enabled=True) for key in APP.keys}
    plan = APP.plan(scope(), "web", target(), on)
    watched = {
        (metric.name, frozenset(metric.dimensions))
        for rule in plan.rules
        for metric in rule.metrics
    }
    assert len(plan.rules) == len(APP.keys)
    assert watched <= published()


def test_every_graph_has_its_metrics() -> None:
    part = APP.dashboard(scope(), {"web": target()}, ())
    widgets = written(all_panels(part))
    drawn = [set(graphed(widget.properties)) for widget in widgets]
    assert all(drawn)
    assert set().union(*drawn) <= published()


def test_what_is_published_is_watched_or_drawn() -> None:
    part = APP.dashboard(scope(), {"web": target()}, ())
    drawn = {name for widget in written(all_panels(part)) for name, _ in graphed(widget.properties)}
    # Off by default, and asked for in the log.
    database = {
        *(contract.QUERIES, contract.DATABASE_TIME),
        *(contract.POOL_USE, contract.POOL_WAITING),
    }
    assert {name for name, _ in published()} - drawn == database


def test_the_names_are_the_same_on_both_sides() -> None:
    assert contract.NAMESPACE == sheets.NAMESPACE
    assert contract.BY_ROUTE == sheets.ROUTE
    assert tuple(contract.STATUS_CLASSES.values()) == tuple(
        f"StatusCode_{name}" for name in sheets.STATUS_CLASSES
    )
