"""NRQL conditions: each asks for its alarm's own metric, and judges it as far as New Relic can."""

import dataclasses
import inspect
import json
from typing import Any

import pulumi_newrelic as newrelic
import pytest

from ecs_monitoring.cloudwatch.expression import MetricMath
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import MissingData, Severity
from exports.monitoring import ExportedRule, ItemKind, StackMonitoring
from exports.new_relic.nrql import query
from exports.new_relic.writer import SYSTEM
from exports.pairs import paired
from exports.result import Carried, Export, NotCarriedError
from tests.exports.new_relic.grammar import read
from tests.exports.stacks import monitoring

SITE = "health.site.url=https://www.example.com/"
FUNCTIONS = {"average": "Average", "sum": "Sum", "min": "Minimum", "max": "Maximum"}
STREAM = ("collector.name", "cloudwatch-metric-streams")


def new_relic(*changes: str, found: StackMonitoring | None = None) -> Export:
    return SYSTEM.export(found or monitoring(*changes), {})


def conditions(export: Export) -> dict[str, dict[str, Any]]:
    """Address of the first alarm of each condition to the condition."""
    found = {}
    for name, text in export.files.items():
        if name == "provider.tf.json":
            continue
        document = json.loads(text)
        assert list(document) == ["resource"]
        (resources,) = document["resource"].values()
        assert list(document["resource"]) == ["newrelic_nrql_alert_condition"]
        (condition,) = resources.values()
        found[name.removesuffix(".tf.json").replace("+", "/")] = condition
    return found


def only(address: str, *changes: str) -> dict[str, Any]:
    return conditions(new_relic(*changes))[address]


def carried(address: str, *changes: str) -> Carried:
    export = new_relic(*changes)
    return next(one for one in export.carried if one.item.name == address)


def with_rules(*rules: ExportedRule) -> StackMonitoring:
    return dataclasses.replace(monitoring(), rules=rules, composites=(), log_filters=(), parts=())


def rule(address: str, **changes: Any) -> ExportedRule:
    (found,) = [one for one in monitoring().rules if one.rule.address == address]
    return dataclasses.replace(found, rule=dataclasses.replace(found.rule, **changes))


@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_each_query_asks_for_the_alarms_own_metrics_and_dimensions(stack: str) -> None:
    found = monitoring(SITE, stack=stack)
    rules = {one.rule.address: one for one in found.rules}
    written = conditions(new_relic(found=found))
    assert len(written) > 15
    for address, condition in written.items():
        asked = read(condition["nrql"]["query"])
        metrics = rules[address].rule.metrics  # type: ignore[index]
        assert asked.equal.pop(STREAM[0]) == STREAM[1]
        assert asked.equal.pop("aws.region") == rules[address].region  # type: ignore[index]
        for (function, name), metric in zip(asked.reads, metrics, strict=True):
            prefix, _, _ = name.partition(f".{metric.name}")
            assert name == f"{prefix}.{metric.name}"
            assert prefix.removeprefix("aws.") == (
                metric.namespace.removeprefix("AWS/").lower().replace("/", ".")
            )
            assert FUNCTIONS[function] == metric.statistic
            own = {key.removeprefix(f"{prefix}."): value for key, value in asked.equal.items()}
            assert own == metric.dimensions


def test_a_load_balancers_requests_are_not_counted_once_more_for_each_zone_and_group() -> None:
    """A stream sends every combination of dimensions, and a sum would add them all up.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-metric-streams-setup.html
    """
    asked = read(only("alb.target-5xx@main")["nrql"]["query"])
    assert asked.absent == {
        "aws.applicationelb.AvailabilityZone",
        "aws.applicationelb.TargetGroup",
    }
    hosts = read(only("alb.no-healthy-hosts@main/web")["nrql"]["query"])
    assert hosts.absent == {"aws.applicationelb.AvailabilityZone"}


def test_a_condition_as_a_whole() -> None:
    """80 % over 300 s, looked at each minute; no data is neither on nor off."""
    found = only("ecs.cpu-high@web", "runbooks=https://wiki.example.com/runbooks")
    assert "80 %, 1 of 1 x 300 s" in found.pop("description")
    assert found == {
        "policy_id": "${var.policy_id}",
        "name": "django-ecs-monitoring/prod ecs.cpu-high@web: ECS CPU high",
        "runbook_url": "https://wiki.example.com/runbooks#ecscpu-high",
        "type": "static",
        "enabled": True,
        "violation_time_limit_seconds": 2_592_000,
        "nrql": {
            "query": (
                "SELECT average(`aws.ecs.CPUUtilization`) FROM Metric "
                "WHERE collector.name = 'cloudwatch-metric-streams' "
                "AND aws.region = 'ap-northeast-1' "
                "AND `aws.ecs.ClusterName` = 'django-ecs-cluster' "
                "AND `aws.ecs.ServiceName` = 'django-app-service'"
            )
        },
        "warning": {
            "operator": "above_or_equals",
            "threshold": 80.0,
            "threshold_duration": 300,
            "threshold_occurrences": "at_least_once",
        },
        "aggregation_window": 300,
        "fill_option": "none",
        # Two minutes to CloudWatch, three through the stream.
        "aggregation_method": "event_flow",
        "aggregation_delay": 300,
        "slide_by": 60,
        "expiration_duration": 600,
        "open_violation_on_expiration": False,
        "close_violations_on_expiration": True,
    }


@pytest.mark.parametrize(
    ("address", "operator", "duration", "occurrences"),
    [
        ("alb.elb-5xx@main", "above_or_equals", 60, "at_least_once"),
        ("alb.no-healthy-hosts@main/web", "below", 120, "all"),
        ("rds.db-load@main", "above", 900, "all"),
    ],
)
def test_all_periods_of_n_must_breach(
    address: str, operator: str, duration: int, occurrences: str
) -> None:
    found = only(address)
    term = found.get("critical") or found["warning"]
    assert term["operator"] == operator
    assert (term["threshold_duration"], term["threshold_occurrences"]) == (duration, occurrences)
    assert term["threshold_duration"] % found["aggregation_window"] == 0


def test_m_of_n_becomes_m_in_a_row_and_that_is_told() -> None:
    some = (
        "alarms.rds.cpu-high.evaluation_periods=5",
        "alarms.rds.cpu-high.datapoints_to_alarm=3",
    )
    found = only("rds.cpu-high@main", *some)
    assert found["warning"]["threshold_duration"] == 180
    told = carried("rds.cpu-high@main", *some)
    assert any("no 3 of 5: 3 periods in a row" in one for one in told.differences)
    assert told.judged is not None
    assert told.judged.held == "all of 3"


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        (MissingData.BREACHING, (True, False)),
        (MissingData.NOT_BREACHING, (False, True)),
        (MissingData.MISSING, (False, True)),
    ],
)
def test_what_no_data_becomes(missing: MissingData, expected: tuple[bool, bool]) -> None:
    found = with_rules(rule("rds.cpu-high@main", treat_missing_data=missing))
    (made,) = conditions(new_relic(found=found)).values()
    opens, closes = (f"{verb}_violations_on_expiration" for verb in ("open", "close"))
    opens = opens.replace("violations", "violation")
    assert (made[opens], made[closes]) == expected
    # Five periods of a minute, and five minutes until data has come.
    assert made["expiration_duration"] == 600


def test_a_state_that_is_kept_has_no_expiration() -> None:
    found = with_rules(rule("rds.cpu-high@main", treat_missing_data=MissingData.IGNORE))
    (made,) = conditions(new_relic(found=found)).values()
    assert [name for name in made if "expiration" in name] == []


def test_counts_that_are_seldom_there_are_judged_by_a_timer() -> None:
    """By event flow, a minute with errors would wait for the next error to be judged."""
    made = only("alb.elb-5xx@main")
    assert made["aggregation_method"] == "event_timer"
    # Four minutes to CloudWatch, as was once seen of load balancers, three through the stream.
    assert made["aggregation_timer"] == 420
    assert "slide_by" not in made
    assert only("rds.cpu-high@main")["aggregation_method"] == "event_flow"


def test_a_critical_and_a_warning_alarm_on_one_signal_are_one_condition() -> None:
    warning = rule("rds.cpu-high@main")
    critical = rule(
        "rds.cpu-high@main", key="rds.cpu-full", severity=Severity.CRITICAL, threshold=98.0
    )
    export = new_relic(found=with_rules(warning, critical))
    ((address, made),) = conditions(export).items()
    assert address == "rds.cpu-full@main"
    assert (made["critical"]["threshold"], made["warning"]["threshold"]) == (98.0, 90.0)
    assert {one.item.name for one in export.carried} == {"rds.cpu-full@main", "rds.cpu-high@main"}
    assert "98 %" in made["description"]
    assert "90 %" in made["description"]


@pytest.mark.parametrize(
    "other",
    [
        {"severity": Severity.WARNING},
        {"period": 300},
        {"evaluation_periods": 3},
        {"treat_missing_data": MissingData.BREACHING},
    ],
)
def test_alarms_that_differ_in_more_than_the_threshold_stay_two(other: dict[str, Any]) -> None:
    changes = {"severity": Severity.CRITICAL, **other}
    two = (rule("rds.cpu-high@main"), rule("rds.cpu-high@main", key="rds.other", **changes))
    assert len(paired(two)) == 2


def test_a_higher_of_two_is_a_clamp() -> None:
    asked = only("ecs.tasks-low@web")["nrql"]["query"]
    assert asked.startswith(
        "SELECT clamp_min(average(`aws.ecs.containerinsights.DesiredTaskCount`), 2) - "
        "average(`aws.ecs.containerinsights.RunningTaskCount`) FROM Metric WHERE "
    )


def test_what_is_left_out_and_why() -> None:
    export = new_relic()
    reasons = {
        one.item.name: one.reason for one in export.left_out if one.item.kind is ItemKind.RULE
    }
    assert set(reasons) == {
        *("alb.latency-p99@main", "alb.target-5xx-rate@main", "rds.no-data@main"),
        *("rds.read-latency@main", "rds.write-latency@main"),
        *("delivery.notifications-failed@critical", "delivery.notifications-failed@warning"),
        *("delivery.dead-letters@critical/notifications", "delivery.dead-letters@warning/events"),
        *("delivery.dead-letters@warning/notifications", "delivery.events-failed@warning"),
        "delivery.events-failed@warning/2",
        *(one.rule.address for one in monitoring().rules if one.rule.address.kind == "app"),
    }
    assert "reads p99" in reasons["alb.latency-p99@main"]
    assert "uses IF" in reasons["alb.target-5xx-rate@main"]
    assert "counts the samples" in reasons["rds.no-data@main"]
    assert (
        "the dimension Service of Django/API, a namespace of one's own, is not documented"
        in (reasons["app.stuck@web"])
    )
    assert (
        "the dimension QueueName of AWS/SQS is not known here"
        in (reasons["delivery.dead-letters@warning/events"])
    )


@pytest.mark.parametrize("period", [43_200, 86_400])
def test_a_period_that_is_too_long_is_left_out(period: int) -> None:
    found = with_rules(rule("rds.cpu-high@main", period=period, evaluation_periods=1))
    (left_out,) = new_relic(found=found).left_out
    assert f"{period:,} s and New Relic's longest window 21,600 s" in left_out.reason


def test_fields_are_those_of_new_relics_own_provider() -> None:
    def fields(kind: type[Any]) -> set[str]:
        return set(inspect.signature(kind.__init__).parameters)

    for condition in conditions(new_relic(SITE)).values():
        assert set(condition) <= fields(newrelic.NrqlAlertConditionArgs)
        assert set(condition["nrql"]) <= fields(newrelic.NrqlAlertConditionNrqlArgs)
        for name, kind in (
            ("critical", newrelic.NrqlAlertConditionCriticalArgs),
            ("warning", newrelic.NrqlAlertConditionWarningArgs),
        ):
            assert set(condition.get(name, {})) <= fields(kind)


def test_every_number_is_within_new_relics_bounds() -> None:
    """https://registry.terraform.io/providers/newrelic/newrelic/latest/docs/resources/nrql_alert_condition."""
    for condition in conditions(new_relic(SITE)).values():
        window = condition["aggregation_window"]
        assert 30 <= window <= 21_600
        for severity in {"critical", "warning"} & set(condition):
            assert 60 <= condition[severity]["threshold_duration"] <= 86_400
            assert condition[severity]["threshold_duration"] % window == 0
        assert 0 <= condition.get("aggregation_delay", 0) <= 1200
        assert 0 <= condition.get("aggregation_timer", 0) <= 1200
        assert 30 <= condition.get("expiration_duration", 30) <= 172_800
        if slide := condition.get("slide_by"):
            assert slide < window
            assert window % slide == 0


def test_changing_a_threshold_changes_its_own_places() -> None:
    before, after = new_relic().files, new_relic("alarms.ecs.cpu-high.threshold=85").files
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed == {"ecs.cpu-high@web.tf.json"}
    lines = zip(
        *(files["ecs.cpu-high@web.tf.json"].splitlines() for files in (before, after)), strict=True
    )
    differing = [(old, new) for old, new in lines if old != new]
    assert len(differing) == 2
    assert differing[1] == (
        '          "threshold": 80.0,',
        '          "threshold": 85.0,',
    )


def test_texts_are_no_templates_of_terraforms() -> None:
    found = with_rules(rule("rds.cpu-high@main", meaning="costs ${HOME} and %{if}."))
    (made,) = conditions(new_relic(found=found)).values()
    assert "costs $${HOME} and %%{if}." in made["description"]


@pytest.mark.parametrize("value", ["it's", "a\\b"])
def test_a_value_that_nrql_might_read_otherwise_is_refused(value: str) -> None:
    metric = Metric(
        namespace="AWS/RDS",
        name="CPUUtilization",
        dimensions={"DBInstanceIdentifier": value},
        statistic="Average",
    )
    with pytest.raises(NotCarriedError, match="quote or a backslash"):
        query(metric, "eu-west-1")


def test_math_over_several_things_is_refused() -> None:
    (rate,) = [one for one in monitoring().rules if one.rule.address == "ecs.tasks-low@web"]
    signal = rate.rule.signal
    assert isinstance(signal, MetricMath)
    first, *rest = signal.queries
    assert isinstance(first.source, Metric)
    moved = dataclasses.replace(first.source, dimensions={"ClusterName": "other"})
    other = dataclasses.replace(signal, queries=(dataclasses.replace(first, source=moved), *rest))
    with pytest.raises(NotCarriedError, match="several things"):
        query(other, "eu-west-1")
