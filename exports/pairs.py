"""Alarms of one signal that a system with two thresholds judges as one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ecs_monitoring.cloudwatch.rule import AlarmRule, Severity
from exports.monitoring import ExportedRule, threshold_of
from exports.result import Carried, Judgement, LeftOut


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One or two alarms on the same signal, of which at most one is of each severity.

    Attributes:
        rules: the critical one first.
    """

    rules: tuple[ExportedRule, ...]

    @property
    def first(self) -> ExportedRule:
        """The gravest one, after which the whole is called."""
        return self.rules[0]

    def of(self, severity: Severity) -> ExportedRule | None:
        """The alarm of a severity, if there is one."""
        return next(
            (exported for exported in self.rules if exported.rule.severity is severity), None
        )

    def carried(
        self,
        file: str,
        judgement: Callable[[AlarmRule], Judgement],
        differences: Callable[[AlarmRule], Iterable[str]],
    ) -> list[Carried]:
        """Each of the alarms as carried over by a file, with how the system judges it."""
        return [
            Carried(
                item=exported.item,
                file=file,
                judged=judgement(exported.rule),
                differences=tuple(differences(exported.rule)),
            )
            for exported in self.rules
        ]

    def left_out(self, reason: str) -> list[LeftOut]:
        """Each of the alarms as left out."""
        return [LeftOut(item=exported.item, reason=reason) for exported in self.rules]


def paired(rules: Iterable[ExportedRule]) -> tuple[Judged, ...]:
    """The alarms, a critical and a warning one on the same signal together, in their order.

    They are one only where all but threshold and severity is the same: what is read, how it is
    compared, over which time, and what no data counts as.
    """
    of_signal: dict[str, list[list[ExportedRule]]] = {}
    pairs: list[list[ExportedRule]] = []
    for rule in rules:
        candidates = of_signal.setdefault(_signal(rule), [])
        for other in candidates:
            if len(other) == 1 and _is_pair(other[0].rule, rule.rule):
                other.append(rule)
                break
        else:
            candidates.append([rule])
            pairs.append(candidates[-1])
    gravest = list(Severity)
    return tuple(
        Judged(rules=tuple(sorted(pair, key=lambda r: gravest.index(r.rule.severity))))
        for pair in pairs
    )


def _is_pair(rule: AlarmRule, other: AlarmRule) -> bool:
    """Whether two alarms are a critical one and a warning of the same that comes before it."""
    if rule.severity is other.severity:
        return False
    critical, warning = (rule, other) if rule.severity is Severity.CRITICAL else (other, rule)
    grave, mild = threshold_of(critical), threshold_of(warning)
    return mild < grave if critical.comparison.is_upward else mild > grave


def _signal(exported: ExportedRule) -> str:
    rule = exported.rule
    schedule = (rule.period, rule.evaluation_periods, rule.breaching_datapoints)
    return repr((exported.region, rule.signal, rule.comparison, schedule, rule.treat_missing_data))
