"""Log groups: by the metrics that their filters feed, or by log alarms."""

from account.coverage.finding import FindingKind, Gravity
from tests.account.coverage.values import (
    LOGS,
    PROJECT,
    found_in,
    metric_filter,
    only,
    own,
    raw,
    running,
)

INVENTORY = running(
    log_groups=("/ecs/shop",),
    metric_filters=(metric_filter("/ecs/shop", "errors", "Shop"),),
)


def test_a_filter_alone_tells_nobody() -> None:
    finding = only(found_in(INVENTORY))
    assert finding.kind is FindingKind.UNWATCHED
    assert finding.gravity is Gravity.MEDIUM
    assert finding.settings.splitlines() == [
        f"  {PROJECT}:logs:",
        "    ecs-shop:",
        "      group: /ecs/shop",
    ]


def test_an_alarm_on_what_a_filter_feeds() -> None:
    finding = only(found_in(INVENTORY, others=[raw("x", ("Shop", "errors"))]))
    assert finding.kind is FindingKind.WATCHED_BY_OTHERS
    assert "No alarm stands for" not in finding.words


def test_an_alarm_on_another_metric() -> None:
    finding = only(found_in(INVENTORY, others=[raw("x", ("Shop", "orders"))]))
    assert finding.kind is FindingKind.UNWATCHED


def test_a_log_alarm() -> None:
    query = {"LogGroupIdentifiers": ["/ecs/shop"]}
    log_alarm = raw("x", Metrics=[], ScheduledQueryConfiguration=query)
    finding = only(found_in(INVENTORY, others=[log_alarm]))
    assert finding.kind is FindingKind.WATCHED_BY_OTHERS


def test_the_stacks_own() -> None:
    rules = ("errors", "exceptions", "database-errors", "security", "workers-killed")
    fed = running(
        log_groups=("/ecs/shop",),
        metric_filters=tuple(metric_filter("/ecs/shop", f"logs.app.{one}") for one in rules),
    )
    alarms = [own(f"logs.{rule}@app", (LOGS, f"logs.app.{rule}")) for rule in rules]
    assert found_in(fed, alarms=alarms) == []


def test_without_the_filters_nobody_knows() -> None:
    assert found_in(running(log_groups=("/ecs/shop",), metric_filters=None)) == []
