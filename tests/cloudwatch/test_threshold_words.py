"""What is said of a threshold, in full: what is the matter, and what to write instead."""

import math
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import (
    Comparison,
    LikelyMost,
    MissingData,
    NoThreshold,
    Outage,
    Problem,
)
from ecs_monitoring.cloudwatch.rule_doubts import rule_doubts
from ecs_monitoring.cloudwatch.threshold_problems import threshold_problems
from ecs_monitoring.cloudwatch.units import Unit
from tests.cloudwatch.test_alarm_rule import ratio, rule

GIB = 2**30
MIB = 2**20
INF = math.inf

SAMPLES = Metric(namespace="AWS/RDS", name="Load", statistic="SampleCount")
HALF = Outage(value=50.0, words="half of it is gone", instead="or leave it out")

# A count that is published only where there is something to count.
COUNTED: dict[str, Any] = {"unit": Unit.COUNT, "lowest": 1.0, "highest": INF}
# Samples, of which there is one a minute.
SAMPLED: dict[str, Any] = {
    "signal": SAMPLES,
    "unit": Unit.COUNT,
    "lowest": 1.0,
    "highest": 1.0,
    "treat_missing_data": MissingData.BREACHING,
}


@pytest.mark.parametrize(
    ("comparison", "threshold", "fields", "words"),
    [
        (
            Comparison.AT_LEAST,
            100.1,
            {},
            "the alarm could never fire, since CPUUtilization Average is at most 100 %: write "
            "100 % or less",
        ),
        (
            Comparison.AT_MOST,
            -0.1,
            {},
            "the alarm could never fire, since CPUUtilization Average is at least 0 %: write "
            "0 % or more",
        ),
        (
            Comparison.AT_LEAST,
            0.0,
            {},
            "the alarm would always be on, since CPUUtilization Average is at least 0 %: write "
            "more than 0 %",
        ),
        (
            Comparison.BELOW,
            100.1,
            {},
            "the alarm would always be on, since CPUUtilization Average is at most 100 %: write "
            "100 % or less",
        ),
        # Up to a limit that no value reaches.
        (
            Comparison.AT_LEAST,
            100.0,
            {"is_highest_reached": False},
            "the alarm could never fire, since CPUUtilization Average is always less than 100 %: "
            "write less than 100 %",
        ),
        (
            Comparison.BELOW,
            100.0,
            {"is_highest_reached": False},
            "the alarm would always be on, since CPUUtilization Average is always less than "
            "100 %: write less than 100 %",
        ),
        (
            Comparison.BELOW,
            0.0,
            {"is_highest_reached": False},
            "the alarm could never fire, since CPUUtilization Average is at least 0 %: write "
            "more than 0 %",
        ),
        (
            Comparison.AT_LEAST,
            0.0,
            {"is_highest_reached": False},
            "the alarm would always be on, since CPUUtilization Average is at least 0 %: write "
            "more than 0 %",
        ),
        (
            Comparison.ABOVE,
            -6.0,
            {"lowest": -5.0},
            "the alarm would always be on, since CPUUtilization Average is at least -5 %: write "
            "-5 % or more",
        ),
        # "Values must be in the range of -2^360 to 2^360."
        *(
            (
                Comparison.AT_LEAST,
                sign * 2.0**360,
                {"highest": INF, "lowest": -INF},
                "no datapoint of CloudWatch is so far from zero (farthest is 2^360): write a "
                "number that CPUUtilization Average can have",
            )
            for sign in (1, -1)
        ),
        (
            Comparison.AT_LEAST,
            80.0,
            {"lowest": INF, "highest": -INF},
            "the alarm could never fire: CPUUtilization Average has never a value, since each "
            "datapoint of its expression is dropped",
        ),
        (Comparison.AT_LEAST, INF, {}, "write a finite number"),
        # A count of samples is that of the whole period: five minutes, one each.
        (
            Comparison.AT_MOST,
            5.0,
            SAMPLED,
            "the alarm would always be on, since Load SampleCount is at most 5: write less than 5",
        ),
        (
            Comparison.AT_MOST,
            1.0,
            {**SAMPLED, "period": 60},
            "the alarm would always be on, since Load SampleCount is at most 1: write less than 1",
        ),
        (
            Comparison.AT_MOST,
            1.0,
            {**SAMPLED, "period": 60, "every": 300},
            "the alarm would always be on, since Load SampleCount is at most 1: write less than 1",
        ),
        # A state that has to set it off.
        (
            Comparison.AT_LEAST,
            60.0,
            {"outage": HALF},
            "the alarm would sleep while half of it is gone: write 50 % or less; or leave it out",
        ),
        (
            Comparison.BELOW,
            50.0,
            {"outage": HALF},
            "the alarm would sleep while half of it is gone: write more than 50 %; or leave it out",
        ),
    ],
)
def test_a_threshold_without_two_sides(
    comparison: Comparison, threshold: float, fields: dict[str, Any], words: str
) -> None:
    found = rule(comparison=comparison, threshold=threshold, **fields)
    assert list(threshold_problems(found)) == [Problem("threshold", threshold, words)]


@pytest.mark.parametrize(
    ("comparison", "threshold", "fields", "words"),
    [
        (
            Comparison.AT_MOST,
            0.0,
            {**SAMPLED, "treat_missing_data": MissingData.MISSING},
            "the alarm could never fire while there is nothing: without a single sample there is "
            "no datapoint, so write breaching (or enabled: false)",
        ),
        (
            Comparison.AT_LEAST,
            5.0,
            {**COUNTED, "treat_missing_data": MissingData.BREACHING},
            "the alarm would be on while nothing is wrong, since CPUUtilization Average is "
            "published only where there is something to count: write notBreaching",
        ),
        (
            Comparison.AT_LEAST,
            1.0,
            {**COUNTED, "treat_missing_data": MissingData.IGNORE},
            "once on, the alarm would never be off again, since CPUUtilization Average is at least "
            "1, and nothing is published where there is nothing to count: write notBreaching",
        ),
    ],
)
def test_a_treatment_of_silence_that_leaves_one_side(
    comparison: Comparison, threshold: float, fields: dict[str, Any], words: str
) -> None:
    found = rule(comparison=comparison, threshold=threshold, **fields)
    treatment = found.treat_missing_data.value
    assert list(threshold_problems(found)) == [Problem("treat_missing_data", treatment, words)]


@pytest.mark.parametrize(
    ("comparison", "threshold", "fields"),
    [
        (Comparison.AT_LEAST, math.nextafter(2.0**360, 0), {"highest": INF}),
        (Comparison.ABOVE, 99.0, {"is_highest_reached": False}),
        (Comparison.AT_LEAST, 50.0, {"outage": HALF}),
        (Comparison.AT_MOST, 50.0, {"outage": HALF}),
        (Comparison.AT_LEAST, 2.0, {**COUNTED, "treat_missing_data": MissingData.IGNORE}),
        (Comparison.AT_LEAST, 1.0, {**COUNTED, "treat_missing_data": MissingData.NOT_BREACHING}),
        (Comparison.AT_LEAST, 5.0, {"treat_missing_data": MissingData.BREACHING}),
        # Of samples it is silence that breaches.
        (Comparison.BELOW, 1.0, SAMPLED),
        (Comparison.AT_MOST, 4.0, SAMPLED),
        # Metric math over samples has limits of its own, whatever the period.
        (
            Comparison.AT_MOST,
            99.0,
            {"signal": ratio(SAMPLES, SAMPLES), "treat_missing_data": MissingData.BREACHING},
        ),
    ],
)
def test_a_threshold_with_two_sides(
    comparison: Comparison, threshold: float, fields: dict[str, Any]
) -> None:
    found = rule(comparison=comparison, threshold=threshold, **fields)
    assert list(threshold_problems(found)) == []


def test_silence_that_keeps_an_alarm_as_it_is_counts_where_zero_is_no_value() -> None:
    kept = rule(threshold=0.0, treat_missing_data=MissingData.IGNORE)
    (problem,) = threshold_problems(kept)
    assert (problem.field, problem.message.partition(":")[2]) == (
        "threshold",
        " write more than 0 %",
    )
    (low,) = threshold_problems(
        rule(
            **{**COUNTED, "highest": 100.0},
            comparison=Comparison.BELOW,
            threshold=101.0,
            treat_missing_data=MissingData.IGNORE,
        )
    )
    assert (low.field, low.message.partition(":")[2]) == ("threshold", " write 100 or less")


LIKELY = LikelyMost(60.0, "the balancer waits for 60 s")
HARDLY = (
    "the threshold would hardly ever be reached, since the balancer waits for 60 s: write less "
    "than 60 s"
)
ALWAYS_ON = "the alarm would always be on, since the balancer waits for 60 s: write less than 60 s"
MILLISECONDS = (
    "the threshold is {} times the default, 2 s; the rule is in seconds: if milliseconds are "
    "meant, write {}"
)
NEXT_TO_NOTHING = "the threshold is {} bytes, which is next to nothing: if {} are meant, write {}"
A_SHARE = (
    "the threshold is less than one percent; the rule is in percent: if a share of 1 is meant, "
    "write {}"
)


@pytest.mark.parametrize(
    ("unit", "default", "threshold", "fields", "words"),
    [
        (Unit.SECONDS, 2.0, 500.0, {}, [MILLISECONDS.format("250", "0.5")]),
        (Unit.SECONDS, 2.0, 200.0, {}, [MILLISECONDS.format("100", "0.2")]),
        (Unit.SECONDS, 2.0, 199.0, {}, []),
        (Unit.SECONDS, 0.0, 199.0, {}, []),
        (Unit.SECONDS, None, 500.0, {}, []),
        (Unit.SECONDS, NoThreshold("field", "", "none"), 500.0, {}, []),
        (Unit.SECONDS, 500.0, 500.0, {"likely_most": LIKELY}, []),
        (Unit.BYTES, 5.0 * GIB, 10.0, {}, [NEXT_TO_NOTHING.format(10, "10 GiB", 10_737_418_240)]),
        # More GiB than there are.
        *(
            (
                Unit.BYTES,
                GIB,
                gib,
                {"highest": 2.0 * GIB},
                [NEXT_TO_NOTHING.format(f"{gib:g}", f"{gib:g} MiB", int(gib) * MIB)],
            )
            for gib in (200.0, 2.0)
        ),
        (Unit.BYTES, 5.0 * GIB, 0.0, {}, []),
        (Unit.BYTES, 5.0 * GIB, float(MIB), {}, []),
        (Unit.PERCENT, 80.0, 0.5, {}, [A_SHARE.format(50)]),
        (Unit.PERCENT, 1.0, 0.5, {}, [A_SHARE.format(50)]),
        (Unit.PERCENT, 0.9, 0.5, {}, []),
        (Unit.PERCENT, 80.0, 1.0, {}, []),
        (Unit.PERCENT, 80.0, 0.0, {}, []),
        (Unit.COUNT, 80.0, 0.5, {}, []),
        # What the signal is at most as far as is known.
        (Unit.SECONDS, 5.0, 61.0, {"likely_most": LIKELY}, [HARDLY]),
        (Unit.SECONDS, 5.0, 60.0, {"likely_most": LIKELY}, []),
        (
            Unit.SECONDS,
            5.0,
            60.0,
            {"likely_most": LIKELY, "comparison": Comparison.ABOVE},
            [HARDLY],
        ),
        (
            Unit.SECONDS,
            5.0,
            60.0,
            {"likely_most": LIKELY, "comparison": Comparison.BELOW},
            [ALWAYS_ON],
        ),
        (Unit.SECONDS, 5.0, 59.0, {"likely_most": LIKELY, "comparison": Comparison.BELOW}, []),
        (
            Unit.SECONDS,
            2.0,
            500.0,
            {"likely_most": LIKELY},
            [MILLISECONDS.format("250", "0.5"), HARDLY],
        ),
    ],
)
def test_a_threshold_that_is_probably_not_meant(
    unit: Unit,
    default: float | NoThreshold | None,
    threshold: float,
    fields: dict[str, Any],
    words: list[str],
) -> None:
    given = {"highest": INF, **fields}
    found = rule_doubts(rule(unit=unit, default=default, threshold=threshold, **given))
    assert list(found) == [Problem("threshold", threshold, message) for message in words]


def test_a_threshold_that_is_not_known_is_no_doubt() -> None:
    unknown = rule(threshold=NoThreshold("field", "", "none"), likely_most=LIKELY)
    assert list(rule_doubts(unknown)) == []
