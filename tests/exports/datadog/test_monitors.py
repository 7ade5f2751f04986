"""Monitors: each asks for its alarm's own metric, and the official client takes every field."""

import dataclasses
import json
from typing import Any

import pytest
from datadog_api_client import ApiClient, Configuration
from datadog_api_client.v1.model.monitor import Monitor

from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import MissingData, Severity
from exports.datadog.metrics import METRICS, TAGS, MetricType
from exports.datadog.writer import SYSTEM
from exports.monitoring import ExportedRule, ItemKind, StackMonitoring
from exports.result import Carried, Export
from exports.system import ExportError
from tests.exports.datadog.grammar import read_monitor
from tests.exports.stacks import monitoring

CLIENT = ApiClient(Configuration())  # type: ignore[no-untyped-call]


def datadog(*changes: str, found: StackMonitoring | None = None, **chosen: str) -> Export:
    return SYSTEM.export(found or monitoring(*changes), chosen)


def monitors(export: Export) -> dict[str, dict[str, Any]]:
    """Address of the first alarm of each monitor to the monitor."""
    return {
        name.removeprefix("monitors/").removesuffix(".json").replace("+", "/"): json.loads(text)
        for name, text in export.files.items()
        if name.startswith("monitors/")
    }


def only(address: str, *changes: str, warning: str = "") -> dict[str, Any]:
    return monitors(datadog(*changes, warning=warning))[address]


def carried(address: str, *changes: str) -> Carried:
    return next(one for one in datadog(*changes).carried if one.item.name == address)


def rule(address: str, **changes: Any) -> ExportedRule:
    (found,) = [one for one in monitoring().rules if one.rule.address == address]
    return dataclasses.replace(found, rule=dataclasses.replace(found.rule, **changes))


def with_rules(*rules: ExportedRule) -> StackMonitoring:
    return dataclasses.replace(monitoring(), rules=rules, composites=(), log_filters=(), parts=())


def parsed(text: str, model: type[Any]) -> Any:
    return CLIENT.deserialize(text, (model,), True)


def unparsed(value: Any) -> bool:
    """Whether the client took anything in a model without knowing it."""
    if getattr(value, "_unparsed", False):
        return True
    store = getattr(value, "_data_store", {})
    inner = [*store.values()] if hasattr(value, "_data_store") else []
    if isinstance(value, list):
        inner = value
    return any(unparsed(one) for one in inner)


def unknown_fields(value: Any) -> set[str]:
    """Fields that a model of the client's does not have, which it keeps without a word."""
    if isinstance(value, list):
        return {name for one in value for name in unknown_fields(one)}
    if not hasattr(value, "_data_store") or not getattr(value, "attribute_map", None):
        return set()
    own = {name for name in value._data_store if name not in value.attribute_map}
    return own | {name for one in value._data_store.values() for name in unknown_fields(one)}


@pytest.mark.slow
@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_the_official_client_knows_every_field_and_word(stack: str) -> None:
    export = datadog(found=monitoring(stack=stack), critical="@pagerduty-shop")
    texts = [text for name, text in export.files.items() if name.startswith("monitors/")]
    assert len(texts) > 10
    for text in texts:
        monitor = parsed(text, Monitor)
        assert isinstance(monitor, Monitor)
        assert not unparsed(monitor)
        assert unknown_fields(monitor) == set()


def test_the_check_finds_what_the_client_does_not_know() -> None:
    """It takes a word that it does not know, and a field, without a word."""
    made = only("ecs.cpu-high@web")
    assert unparsed(parsed(json.dumps({**made, "type": "query alarm"}), Monitor))
    options = {**made["options"], "on_missing_data": "alert"}
    assert unparsed(parsed(json.dumps({**made, "options": options}), Monitor))
    misspelt = {**made["options"], "evaluation_dely": 900}
    assert unknown_fields(parsed(json.dumps({**made, "options": misspelt}), Monitor)) == {
        "evaluation_dely"
    }


@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_each_query_asks_for_the_alarms_own_metrics_and_dimensions(stack: str) -> None:
    found = monitoring(stack=stack)
    rules = {one.rule.address: one for one in found.rules}
    for address, made in monitors(datadog(found=found)).items():
        one = rules[address]  # type: ignore[index]
        query = read_monitor(made["query"])
        for asked, metric in zip(query.metrics, one.rule.metrics, strict=True):
            named = METRICS[metric.namespace, metric.name, metric.statistic]
            assert (asked.name, asked.space) == (named.name, named.space)
            assert asked.is_count == (named.type is MetricType.COUNT)
            tags = TAGS[metric.namespace]
            dimensions = {tags[name]: value for name, value in metric.dimensions.items()}
            assert asked.tags == {**dimensions, "region": one.region}
        assert query.comparison == one.rule.comparison.sign
        # The API refuses a query whose number is not that of the options.
        assert query.threshold == made["options"]["thresholds"]["critical"] == one.rule.threshold


def test_a_monitor_as_a_whole() -> None:
    made = only("rds.cpu-high@main", warning="@slack-shop")
    message = made.pop("message")
    assert "CPUUtilization Average > 90 %, 5 of 5 x 60 s." in message
    assert message.endswith("\n\n@slack-shop")
    assert made == {
        "name": "django-ecs-monitoring/prod rds.cpu-high on main: Database CPU high",
        "type": "query alert",
        "query": (
            "min(last_5m):avg:aws.rds.cpuutilization"
            "{dbinstanceidentifier:django-db,region:ap-northeast-1} > 90"
        ),
        "tags": [
            "alarm:rds.cpu-high",
            "target:main",
            "project:django-ecs-monitoring",
            "stack:prod",
            "severity:warning",
        ],
        "priority": 3,
        "options": {
            "thresholds": {"critical": 90.0},
            "on_missing_data": "show_no_data",
            "evaluation_delay": 900,
            "require_full_window": False,
            "include_tags": False,
        },
    }


@pytest.mark.parametrize(
    ("address", "start"),
    [
        # One period: its own statistic.
        ("ecs.cpu-high@web", "avg(last_5m):avg:aws.ecs.service.cpuutilization{"),
        # A count is added up.
        ("alb.elb-5xx@main", "sum(last_1m):sum:aws.applicationelb.httpcode_elb_5xx{"),
        # Several periods that must all be low: the highest of them.
        ("alb.no-healthy-hosts@main/web", "max(last_2m):sum:aws.applicationelb.healthy_host_count"),
        # Several of more than a minute: averages of each.
        ("rds.cpu-credits@main", "max(last_10m):avg:aws.rds.cpucredit_balance{"),
        # That must all be high: the lowest.
        ("rds.db-load@main", "min(last_15m):avg:aws.rds.dbload{"),
    ],
)
def test_all_periods_of_n_must_breach(address: str, start: str) -> None:
    assert only(address)["query"].startswith(start)


def test_periods_of_more_than_a_minute_are_averages_of_their_own() -> None:
    (asked,) = read_monitor(only("rds.cpu-credits@main")["query"]).metrics
    assert asked.rollup == 300
    (asked,) = read_monitor(only("rds.db-load@main")["query"]).metrics
    assert asked.rollup == 0


@pytest.mark.slow
def test_m_of_n_becomes_m_in_a_row_and_that_is_told() -> None:
    some = (
        "alarms.rds.cpu-high.evaluation_periods=5",
        "alarms.rds.cpu-high.datapoints_to_alarm=3",
    )
    assert read_monitor(only("rds.cpu-high@main", *some)["query"]).minutes == 3
    told = carried("rds.cpu-high@main", *some)
    assert any("no 3 of 5: 3 periods in a row" in one for one in told.differences)


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        (MissingData.BREACHING, "show_and_notify_no_data"),
        (MissingData.NOT_BREACHING, "resolve"),
        (MissingData.MISSING, "show_no_data"),
        (MissingData.IGNORE, "default"),
    ],
)
def test_what_no_data_becomes(missing: MissingData, expected: str) -> None:
    found = with_rules(rule("rds.cpu-high@main", treat_missing_data=missing))
    (made,) = monitors(datadog(found=found)).values()
    assert made["options"]["on_missing_data"] == expected


def test_a_critical_and_a_warning_alarm_on_one_signal_are_one_monitor() -> None:
    warning = rule("rds.cpu-high@main")
    critical = rule(
        "rds.cpu-high@main", key="rds.cpu-full", severity=Severity.CRITICAL, threshold=98.0
    )
    export = datadog(
        found=with_rules(warning, critical), critical="@pagerduty-shop", warning="@slack-shop"
    )
    ((address, made),) = monitors(export).items()
    assert address == "rds.cpu-full@main"
    assert made["options"]["thresholds"] == {"critical": 98.0, "warning": 90.0}
    assert read_monitor(made["query"]).threshold == 98
    assert "{{#is_alert}}@pagerduty-shop{{/is_alert}}" in made["message"]
    assert "{{#is_warning}}@slack-shop{{/is_warning}}" in made["message"]
    assert {one.item.name for one in export.carried} == {"rds.cpu-full@main", "rds.cpu-high@main"}


def test_no_data_of_both_tells_whoever_the_graver_one_tells() -> None:
    warning = rule("rds.cpu-high@main", treat_missing_data=MissingData.BREACHING)
    critical = rule(
        "rds.cpu-high@main",
        key="rds.cpu-full",
        severity=Severity.CRITICAL,
        threshold=98.0,
        treat_missing_data=MissingData.BREACHING,
    )
    both = with_rules(warning, critical)
    (made,) = monitors(datadog(found=both, critical="@pager", warning="@slack")).values()
    assert made["options"]["on_missing_data"] == "show_and_notify_no_data"
    assert "{{#is_no_data}}@pager{{/is_no_data}}" in made["message"]


@pytest.mark.parametrize("threshold", [90.0, 85.0])
def test_a_warning_that_does_not_come_first_is_a_monitor_of_its_own(threshold: float) -> None:
    # The warning's threshold is 90: Datadog wants it below the critical one.
    critical = rule(
        "rds.cpu-high@main", key="rds.cpu-full", severity=Severity.CRITICAL, threshold=threshold
    )
    made = monitors(datadog(found=with_rules(rule("rds.cpu-high@main"), critical)))
    assert set(made) == {"rds.cpu-full@main", "rds.cpu-high@main"}
    assert all(len(one["options"]["thresholds"]) == 1 for one in made.values())


def test_nobody_is_notified_by_accident() -> None:
    """A target after an @ would be somebody's handle."""
    found = with_rules(rule("rds.cpu-high@main", meaning="ask admin@example.com, {{value}}"))
    (made,) = monitors(datadog(found=found)).values()
    assert "@" not in made["message"] + made["name"]
    assert "{{" not in made["message"]


@pytest.mark.parametrize("handle", ["pagerduty", "@two words", "@{{x}}", "@a @b"])
def test_a_handle_that_is_none_is_refused(handle: str) -> None:
    with pytest.raises(ExportError, match=r"--critical .*: write a handle"):
        datadog(critical=handle)


def test_tags_are_such_as_datadog_takes() -> None:
    """https://docs.datadoghq.com/getting_started/tagging/#define-tags."""
    found = dataclasses.replace(with_rules(rule("rds.cpu-high@main")), project="Shop & Söhne")
    (made,) = monitors(datadog(found=found)).values()
    assert "project:shop___s_hne" in made["tags"]


def test_tags_are_asked_for_in_lower_case_as_datadog_has_them() -> None:
    cpu = rule("ecs.cpu-high@web").rule.signal
    assert isinstance(cpu, Metric)
    named = dataclasses.replace(cpu, dimensions={"ClusterName": "Shop", "ServiceName": "Web"})
    found = with_rules(rule("ecs.cpu-high@web", signal=named))
    (made,) = monitors(datadog(found=found)).values()
    (asked,) = read_monitor(made["query"]).metrics
    assert asked.tags == {
        "clustername": "shop",
        "servicename": "web",
        "region": "ap-northeast-1",
    }


@pytest.mark.slow
def test_changing_a_threshold_changes_its_own_places() -> None:
    before, after = datadog().files, datadog("alarms.ecs.cpu-high.threshold=85").files
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed == {"monitors/ecs.cpu-high@web.json", "dashboard.json"}
    one, other = (files["monitors/ecs.cpu-high@web.json"] for files in (before, after))
    # In the query, in the options, and in words.
    lines = zip(one.splitlines(), other.splitlines(), strict=True)
    differing = [old.split(":")[0].strip(' "') for old, new in lines if old != new]
    assert differing == ["query", "message", "critical"]


def test_what_is_left_out_and_why() -> None:
    reasons = {
        one.item.name: one.reason for one in datadog().left_out if one.item.kind is ItemKind.RULE
    }
    assert "its metric math uses IF" in reasons["alb.target-5xx-rate@main"]
    assert "no p90 of ReadLatency" in reasons["rds.read-latency@main"]
    assert "no SampleCount of CPUUtilization" in reasons["rds.no-data@main"]
    assert "none of Django/API" in reasons["app.stuck@web"]
    assert set(monitors(datadog())) & set(reasons) == set()


def test_counts_in_a_row_are_left_out() -> None:
    found = with_rules(rule("alb.target-5xx@main", evaluation_periods=3))
    (left_out,) = datadog(found=found).left_out
    assert "3 periods of a count in a row" in left_out.reason


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"period": 86_400, "evaluation_periods": 3}, "259,200 s"),
        ({"period": 10, "evaluation_periods": 1}, "in periods of 10 s"),
    ],
)
def test_a_window_that_no_monitor_has_is_left_out(changes: dict[str, int], words: str) -> None:
    (left_out,) = datadog(found=with_rules(rule("rds.cpu-high@main", **changes))).left_out
    assert words in left_out.reason


def test_the_table_has_a_source_for_each_name_and_every_tag() -> None:
    for (namespace, name, statistic), metric in METRICS.items():
        assert metric.source.startswith("https://docs.datadoghq.com/integrations/")
        dimensions = dict.fromkeys(TAGS[namespace], "x")
        # It is a metric that CloudWatch could have.
        Metric(namespace=namespace, name=name, dimensions=dimensions, statistic=statistic)
        assert metric.space in ("avg", "sum", "min", "max")
        assert (metric.type is MetricType.COUNT) == (statistic == "Sum")
    assert len({metric.name for metric in METRICS.values()}) == len(METRICS)
