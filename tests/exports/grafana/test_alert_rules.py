"""Alert rules, read back from the file, ask for their alarm's data and judge it as it does."""

import dataclasses
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.evaluation import decide
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, MissingData, Severity
from ecs_monitoring.cloudwatch.units import Unit
from exports.grafana.alert_rules import alert_rule
from exports.grafana.writer import SYSTEM
from exports.monitoring import ExportedRule
from exports.result import Judgement
from exports.texts import plain_number
from stack.definitions import ALARM
from stack.program import ProgramRun
from tests.exports.grafana.judged import judged, periods_asked_for
from tests.exports.grafana.written import DATA_SOURCE, alert_rules, dashboard, groups
from tests.exports.stacks import monitoring

STATES = {"Alerting": AlarmState.ALARM, "Normal": AlarmState.OK}


def query(rule: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = rule["data"][0]["model"]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_each_rule_asks_for_its_alarms_own_data(stack: str, request: pytest.FixtureRequest) -> None:
    """Against what is registered in CloudWatch."""
    run: ProgramRun = request.getfixturevalue(stack)
    written = alert_rules(stack=stack)
    alarms = run.of_type(ALARM)
    assert len(written) == len(alarms)
    compared = 0
    for alarm in alarms:
        inputs, tags = alarm.inputs, alarm.inputs["tags"]
        rule = written[f"{tags['AlarmKey']}@{tags['Target']}"]
        assert rule["labels"]["severity"] == tags["Severity"]
        asked = query(rule)
        assert asked["region"] == "ap-northeast-1"
        assert asked["datasource"] == {"type": "cloudwatch", "uid": DATA_SOURCE}
        if inputs.get("metricQueries"):
            continue
        statistic = inputs.get("statistic") or inputs["extendedStatistic"]
        assert asked["namespace"] == inputs["namespace"]
        assert asked["metricName"] == inputs["metricName"]
        assert asked["dimensions"] == (inputs.get("dimensions") or {})
        assert (asked["statistic"], asked["period"]) == (statistic, f"{inputs['period']:.0f}")
        assert asked["matchExact"] is True
        compared += 1
    assert compared > 25


@pytest.mark.slow
def test_metric_math_is_one_expression_over_searches() -> None:
    """Grafana's alert rules take no expression over other queries."""
    rule = alert_rules()["alb.target-5xx-rate@main"]
    metric = (
        'SUM(SEARCH(\'{{AWS/ApplicationELB,LoadBalancer}} MetricName="{}" '
        "LoadBalancer=\"app/django-alb/1234567890\"', 'Sum', 60))"
    )
    requests, errors = metric.format("RequestCount"), metric.format("HTTPCode_Target_5XX_Count")
    assert query(rule)["expression"] == (
        f"IF({requests} >= 20, 100 * FILL({errors}, 0) / {requests}, 0)"
    )
    assert query(rule)["metricEditorMode"] == 1
    assert query(rule)["statistic"] == "Sum"


@pytest.mark.slow
@pytest.mark.parametrize("second", [0, 1, 30, 59])
def test_exactly_n_whole_periods_are_asked_for_whatever_the_second(second: int) -> None:
    rules = {found.rule.address: found.rule for found in monitoring().rules}
    for address, written in alert_rules().items():
        rule = rules[address]  # type: ignore[index]
        starts = periods_asked_for(written, rule.period, second)
        assert len(starts) == rule.evaluation_periods, address
        # The newest period has ended, a minute or more ago.
        assert starts[-1] + rule.period <= second // 60 * 60


def test_a_period_below_a_minute_is_left_out() -> None:
    """Grafana looks once a minute, and would see one period of 10 s in six."""
    found = next(one for one in monitoring().rules if one.rule.key == "app.server-errors")
    fast = dataclasses.replace(found, rule=dataclasses.replace(found.rule, period=10))
    export = SYSTEM.export(dataclasses.replace(monitoring(), rules=(fast,)), SYSTEM.everything)
    reasons = {left_out.item.name: left_out.reason for left_out in export.left_out}
    assert "period of 10 s is below" in reasons["app.server-errors@web"]
    assert "drawn on the dashboard" in reasons["app.server-errors@web"]


def test_late_data_is_waited_for() -> None:
    """Two minutes late in general, four behind a load balancer: cloudwatch/timing.py."""
    times = {a: r["data"][0]["relativeTimeRange"]["to"] for a, r in alert_rules().items()}
    assert times["rds.cpu-high@main"] == 120 + 60 + 1
    assert times["alb.target-5xx@main"] == 240 + 60 + 1


PLACES = st.integers(1, 6).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n)))


def made(places: tuple[int, int], missing: MissingData, comparison: Comparison) -> dict[str, Any]:
    m, n = places
    rule = AlarmRule(
        key="app.x",
        target="web",
        name="x",
        title="X",
        meaning="m",
        severity=Severity.WARNING,
        signal=Metric(namespace="N", name="M", statistic="Sum"),
        comparison=comparison,
        threshold=5,
        unit=Unit.COUNT,
        period=60,
        evaluation_periods=n,
        datapoints_to_alarm=m,
        treat_missing_data=missing,
        runbook="r",
    )
    found = ExportedRule(rule=rule, region="eu-west-1")
    return alert_rule(found, monitoring(), data_source="d", dashboard_uid="u", panel_id=1)


@given(PLACES, st.sampled_from(MissingData), st.sampled_from(Comparison), st.data())
def test_with_data_in_every_period_grafana_judges_as_cloudwatch_does(
    places: tuple[int, int], missing: MissingData, comparison: Comparison, data: st.DataObject
) -> None:
    written = made(places, missing, comparison)
    m, n = places
    values = data.draw(st.lists(st.integers(3, 7), min_size=n, max_size=n))
    decision = decide(
        [comparison.holds(value, 5) for value in values],
        evaluation_periods=n,
        datapoints_to_alarm=m,
        treat_missing_data=missing,
    )
    assert STATES[judged(written, values)] is decision.state


@given(
    PLACES,
    st.sampled_from([MissingData.BREACHING, MissingData.NOT_BREACHING]),
    st.sampled_from(Comparison),
    st.data(),
)
def test_gaps_count_as_the_alarm_says(
    places: tuple[int, int], missing: MissingData, comparison: Comparison, data: st.DataObject
) -> None:
    """As CloudWatch decides on N periods, where it finds no datapoint further back either."""
    written = made(places, missing, comparison)
    m, n = places
    gaps_or_values = st.none() | st.integers(3, 7)
    values = data.draw(st.lists(gaps_or_values, min_size=n, max_size=n))
    decision = decide(
        [None if value is None else comparison.holds(value, 5) for value in values],
        evaluation_periods=n,
        datapoints_to_alarm=m,
        treat_missing_data=missing,
    )
    no_data = {"OK": "Normal"}
    state = judged(written, values)
    assert STATES[no_data.get(state, state)] is decision.state


@pytest.mark.slow
@given(PLACES, st.sampled_from(Comparison), st.data())
def test_where_missing_data_counts_for_nothing_no_alert_fires_that_cloudwatch_would_not(
    places: tuple[int, int], comparison: Comparison, data: st.DataObject
) -> None:
    written = made(places, MissingData.MISSING, comparison)
    m, n = places
    values = data.draw(st.lists(st.none() | st.integers(3, 7), min_size=n, max_size=n))
    decision = decide(
        [None if value is None else comparison.holds(value, 5) for value in values],
        evaluation_periods=n,
        datapoints_to_alarm=m,
    )
    if judged(written, values) == "Alerting":
        assert decision.state is AlarmState.ALARM


@pytest.mark.parametrize(
    ("missing", "periods", "state"),
    [
        (MissingData.BREACHING, 1, "Alerting"),
        (MissingData.BREACHING, 3, "Alerting"),
        (MissingData.NOT_BREACHING, 1, "OK"),
        (MissingData.NOT_BREACHING, 3, "Normal"),
        (MissingData.MISSING, 1, "OK"),
        (MissingData.MISSING, 3, "Normal"),
        (MissingData.IGNORE, 1, "KeepLast"),
        (MissingData.IGNORE, 3, "KeepLast"),
    ],
)
def test_no_data_at_all(missing: MissingData, periods: int, state: str) -> None:
    written = made((periods, periods), missing, Comparison.AT_LEAST)
    assert judged(written, [None] * periods) == state


@pytest.mark.slow
def test_severity_and_runbook_are_label_and_annotation() -> None:
    rule = alert_rules("runbooks=https://wiki.example.com/alarms")["rds.storage-low@main"]
    assert rule["labels"]["severity"] == "critical"
    annotations = rule["annotations"]
    assert annotations["runbook_url"] == "https://wiki.example.com/alarms#rdsstorage-low"
    assert annotations["description"].endswith("FreeStorageSpace Minimum < 10 GiB, 5 of 5 x 60 s.")
    assert (
        "alarmsV2:alarm/django-ecs-monitoring-prod-rds-main-storage-low"
        in annotations["cloudwatch_alarm"]
    )
    text = alert_rules()["rds.storage-low@main"]["annotations"]
    assert text["runbook"] == "docs/runbooks.md#rdsstorage-low"


@pytest.mark.slow
def test_texts_are_neither_templates_nor_variables() -> None:
    runbook = "alarms.ecs.cpu-high.runbook='ask {{ .Values }} for $HOME'"
    annotations = alert_rules(runbook)["ecs.cpu-high@web"]["annotations"]
    assert annotations["runbook"] == 'ask {{ "{{" }} .Values }} for {{ "$" }}HOME'


def test_each_rule_links_to_the_panel_that_shows_it() -> None:
    found = dashboard()
    shown = {panel["id"]: panel for panel in found["panels"]}
    for address, rule in alert_rules().items():
        assert rule["dashboardUid"] == found["uid"]
        links = [link["title"] for link in shown[rule["panelId"]]["links"]]
        assert f"Alarm {address}" in links


@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_identifiers_are_grafanas_and_distinct(stack: str) -> None:
    rules = alert_rules(stack=stack).values()
    uids = {rule["uid"] for rule in rules}
    assert len(uids) == len(rules)
    assert all(re.fullmatch("[a-z0-9-]{1,40}", uid) for uid in uids)
    assert len({rule["title"] for rule in rules}) == len(rules)
    other = "staging" if stack == "prod" else "prod"
    assert not uids & {rule["uid"] for rule in alert_rules(stack=other).values()}


def test_a_group_a_kind_is_evaluated_every_minute() -> None:
    found = groups()
    assert [group["name"] for group in found] == ["ecs", "alb", "rds", "logs", "app", "delivery"]
    assert {group["interval"] for group in found} == {"60s"}
    assert {group["folder"] for group in found} == {"django-ecs-monitoring prod"}
    for group in found:
        for rule in group["rules"]:
            assert rule["labels"]["alarm"].startswith(f"{group['name']}.")
            assert rule["for"] == "0s"


@pytest.mark.slow
def test_what_differs_is_said_rule_by_rule() -> None:
    export = SYSTEM.export(monitoring(), SYSTEM.everything)
    told = {found.item.name: found for found in export.carried}
    percentile = told["alb.latency-p99@main"]
    assert percentile.judged == Judgement(
        window="60 s, every 60 s", held="5 of 5", missing="OK", delay="5 min"
    )
    differences = " ".join(percentile.differences)
    assert "few samples" in differences
    assert "no breach at once" in differences
    assert "later than the alarm" in differences
    assert "searched for" in " ".join(told["ecs.tasks-low@web"].differences)
    assert "no warm-up" in " ".join(
        next(
            found.differences
            for found in SYSTEM.export(
                monitoring("health.site.url=https://example.com/health"), SYSTEM.everything
            ).carried
            if found.item.name.startswith("health.endpoint-down")
        )
    )


def test_the_alerts_cost_what_their_requests_cost() -> None:
    """One rule asks for one metric, the other by an expression that names three.

    4 x 43,800 minutes x 0.00001 USD = 1.75 USD.
    """
    stack = monitoring()
    asked = ("ecs.cpu-high@web", "alb.target-5xx-rate@main")
    stack = dataclasses.replace(
        stack, rules=tuple(r for r in stack.rules if r.rule.address in asked)
    )
    export = SYSTEM.export(stack, SYSTEM.everything)
    (cost,) = (note for note in export.notes if "a month" in note)
    assert cost.startswith("2 alert rules ask for 4 metrics every 60 s: 1.75 USD a month")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (80.0, "80"),
        (134.4, "134.4"),
        (0.02, "0.02"),
        (10_737_418_240.0, "10737418240"),
        (1e-7, "0.0000001"),
        (1e22, "10000000000000000000000"),
        (-1.5, "-1.5"),
    ],
)
def test_numbers_are_written_exactly_and_without_an_exponent(value: float, text: str) -> None:
    assert plain_number(value) == text
    assert float(text) == value
