"""What of a rule CloudWatch acts on as it is written, and which is probably not meant."""

from collections.abc import Iterator
from typing import Final

from ecs_monitoring.cloudwatch.rule import AlarmRule, NoThreshold, Problem
from ecs_monitoring.cloudwatch.units import (
    GIBIBYTE,
    MEBIBYTE,
    Unit,
    format_number,
    format_quantity,
)

# A choice: who writes milliseconds for seconds is off by a thousand, and hardly anybody wants a
# threshold of a tenth of the default.
_TIMES_THE_DEFAULT: Final = 100


def rule_doubts(rule: AlarmRule) -> Iterator[Problem]:
    """A threshold in another unit than the rule's, or beyond what is possible as far as is known.

    Yields:
        One for each; nothing for thresholds that no stack has changed.
    """
    threshold = rule.threshold
    if isinstance(threshold, NoThreshold) or threshold == rule.default:
        return
    yield from _unit_doubts(rule, threshold)
    yield from _reach_doubts(rule, threshold)


def _unit_doubts(rule: AlarmRule, threshold: float) -> Iterator[Problem]:
    default = rule.default
    usual = default if isinstance(default, float | int) else 0.0
    match rule.unit:
        case Unit.SECONDS if 0 < usual * _TIMES_THE_DEFAULT <= threshold:
            times = format_number(round(threshold / usual))
            meant = format_number(threshold / 1000)
            yield Problem(
                "threshold",
                threshold,
                f"the threshold is {times} times the default, {format_quantity(usual, rule.unit)}; "
                f"the rule is in seconds: if milliseconds are meant, write {meant}",
            )
        case Unit.BYTES if 0 < threshold < MEBIBYTE:
            size, is_gib = format_number(threshold), threshold * GIBIBYTE < rule.highest
            meant = format_number(threshold * (GIBIBYTE if is_gib else MEBIBYTE)).replace(",", "")
            yield Problem(
                "threshold",
                threshold,
                f"the threshold is {format_quantity(threshold, rule.unit)}, which is next to "
                f"nothing: if {size} {'GiB' if is_gib else 'MiB'} are meant, write {meant}",
            )
        case Unit.PERCENT if 0 < threshold < 1 <= usual:
            yield Problem(
                "threshold",
                threshold,
                "the threshold is less than one percent; the rule is in percent: if a share of 1 "
                f"is meant, write {format_number(threshold * 100)}",
            )


def _reach_doubts(rule: AlarmRule, threshold: float) -> Iterator[Problem]:
    likely = rule.likely_most
    if likely is None:
        return
    quantity = format_quantity(likely.value, rule.unit)
    if rule.comparison.is_upward and not rule.comparison.holds(likely.value, threshold):
        yield Problem(
            "threshold",
            threshold,
            f"the threshold would hardly ever be reached, since {likely.because}: write less than "
            f"{quantity}",
        )
    elif not rule.comparison.is_upward and threshold >= likely.value:
        yield Problem(
            "threshold",
            threshold,
            f"the alarm would always be on, since {likely.because}: write less than {quantity}",
        )
