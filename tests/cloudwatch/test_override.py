"""Overrides: which rules they reach, and what they change."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.override import AlarmOverride, overridden, override_keys
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, MissingData, Severity
from ecs_monitoring.cloudwatch.units import Unit

RULE = AlarmRule(
    key="ecs.cpu-high",
    target="web",
    title="CPU high",
    meaning="service web is short of CPU.",
    severity=Severity.WARNING,
    signal=Metric(namespace="AWS/ECS", name="CPUUtilization", statistic="Average"),
    comparison=Comparison.AT_LEAST,
    threshold=80,
    unit=Unit.PERCENT,
    period=300,
    evaluation_periods=1,
    treat_missing_data=MissingData.MISSING,
    runbook="docs/runbooks.md#ecscpu-high",
)

# Another value for each field that may be overridden.
CHANGES: dict[str, Any] = {
    "threshold": 0.0,
    "period": 60,
    "evaluation_periods": 5,
    "datapoints_to_alarm": 3,
    "treat_missing_data": MissingData.BREACHING,
    "recent": 15.0,
    "recent_by_hour": {"06-09": 25.0},
    "severity": Severity.CRITICAL,
    "enabled": False,
    "runbook": "https://wiki.example.com/cpu",
}

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "threshold": st.floats(0, 100),
    "period": st.integers(1, 60).map(lambda n: n * 60),
    "evaluation_periods": st.integers(1, 10),
    "datapoints_to_alarm": st.integers(1, 10),
    "treat_missing_data": st.sampled_from(MissingData),
    "recent": st.floats(0.1, 100),
    "recent_by_hour": st.dictionaries(st.just("06-09"), st.floats(0.1, 100)),
    "severity": st.sampled_from(Severity),
    "enabled": st.booleans(),
    "runbook": st.text(max_size=20),
}


def changed(before: AlarmRule, after: AlarmRule) -> dict[str, Any]:
    """The fields in which two rules differ, with their new values."""
    return {
        field.name: getattr(after, field.name)
        for field in fields(AlarmRule)
        if getattr(before, field.name) != getattr(after, field.name)
    }


def test_the_tables_name_every_field() -> None:
    names = {field.name for field in fields(AlarmOverride)}
    assert names == set(CHANGES) == set(VALUES)


@pytest.mark.parametrize("key", ["ecs.cpu-high", "ecs.cpu-high@web"])
@pytest.mark.parametrize(("field", "value"), CHANGES.items())
def test_each_field_changes_alone(key: str, field: str, value: Any) -> None:
    after = overridden(RULE, {key: AlarmOverride(**{field: value})})
    assert changed(RULE, after) == {field: value}


@pytest.mark.parametrize(
    "key",
    ["ecs.memory-high", "ecs.cpu-high@api", "ecs.cpu-high@we", "ecs.cpu-high@", "@web", "cpu-high"],
)
def test_overrides_of_other_rules_and_targets_do_not_reach_it(key: str) -> None:
    assert overridden(RULE, {key: AlarmOverride(threshold=5)}) is RULE


def test_the_nearer_override_wins_field_by_field() -> None:
    overrides = {
        "ecs.cpu-high@web": AlarmOverride(threshold=95, severity=Severity.CRITICAL),
        "ecs.cpu-high": AlarmOverride(threshold=70, period=60),
    }
    assert changed(RULE, overridden(RULE, overrides)) == {
        "threshold": 95,
        "severity": Severity.CRITICAL,
        "period": 60,
    }


def test_the_general_key_comes_first() -> None:
    assert override_keys(RULE) == ("ecs.cpu-high", "ecs.cpu-high@web")


def test_a_part_is_overridden_with_its_target_and_by_itself() -> None:
    part = replace(RULE, part="blue")
    assert override_keys(part) == ("ecs.cpu-high", "ecs.cpu-high@web", "ecs.cpu-high@web/blue")


@given(st.fixed_dictionaries({}, optional=VALUES))
def test_an_override_sets_what_it_says_and_nothing_else(values: dict[str, Any]) -> None:
    after = overridden(RULE, {RULE.key: AlarmOverride(**values)})
    assert {name: getattr(after, name) for name in values} == values
    assert set(changed(RULE, after)) <= set(values)


@given(st.fixed_dictionaries({}, optional=VALUES), st.sampled_from(override_keys(RULE)))
def test_an_empty_override_beside_another_changes_nothing(
    values: dict[str, Any], empty: str
) -> None:
    other = next(key for key in override_keys(RULE) if key != empty)
    alone = overridden(RULE, {other: AlarmOverride(**values)})
    assert overridden(RULE, {other: AlarmOverride(**values), empty: AlarmOverride()}) == alone


@given(st.fixed_dictionaries({}, optional=VALUES))
def test_applying_an_override_twice_is_applying_it_once(values: dict[str, Any]) -> None:
    overrides = {RULE.key: AlarmOverride(**values)}
    once = overridden(RULE, overrides)
    assert overridden(once, overrides) == once


@pytest.mark.parametrize(("field", "value"), CHANGES.items())
def test_the_reason_for_a_threshold_goes_with_the_threshold(field: str, value: Any) -> None:
    reasoned = replace(RULE, basis="The threshold is the guide's.")
    after = overridden(reasoned, {RULE.key: AlarmOverride(**{field: value})})
    assert after.basis == ("" if field == "threshold" else reasoned.basis)


def test_falsy_values_are_changes() -> None:
    override = AlarmOverride(threshold=0, enabled=False)
    assert override.changes() == {"threshold": 0, "enabled": False}
    assert AlarmOverride().changes() == {}
