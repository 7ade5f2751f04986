"""An override is taken if, and only if, the alarm that it makes is one that CloudWatch takes."""

import json
import math
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from settings import SettingsError
from stack.config import read_stack_config
from stack.program import ProgramRun
from tests.components.registered import ALARM
from tests.settings.refusal import run_or_refused

DAY, WEEK, HOUR = 86_400, 604_800, 3600


@dataclass(frozen=True)
class Default:
    """A rule of the production stack as the monitoring guide and AWS's recommendations have it."""

    target: str
    threshold: float
    period: int
    evaluation_periods: int
    datapoints_to_alarm: int | None = None
    sign: str = ">="
    most: float = math.inf
    outage: float = math.inf
    every: int = 60
    enabled: bool = True

    def changed(self, fields: dict[str, Any]) -> "Default":
        return replace(self, **fields)

    @property
    def is_valid(self) -> bool:
        """Whether CloudWatch would take the alarm and could ever act on it."""
        if not self.enabled:
            return True
        n, m = self.evaluation_periods, self.datapoints_to_alarm
        return (
            math.isfinite(self.threshold)
            and self.has_two_sides
            and 60 <= self.period <= DAY
            and self.period % self.every == 0
            and n >= 1
            and (m is None or 1 <= m <= n)
            and self.period * n <= (WEEK if self.period >= HOUR else DAY)
        )

    @property
    def has_two_sides(self) -> bool:
        """Whether some value from 0 to the highest that there is breaches, and some does not."""
        if self.sign == ">":
            # While nothing runs, as many are missing as there must be at least.
            return 0 <= self.threshold < min(self.most, self.outage)
        return 0 < self.threshold <= self.most

    @property
    def registered(self) -> dict[str, float]:
        return {
            "threshold": self.threshold,
            "period": self.period,
            "evaluationPeriods": self.evaluation_periods,
            "datapointsToAlarm": self.datapoints_to_alarm or self.evaluation_periods,
        }


# What no override changes only takes time.
_ALARMS_ALONE = (
    *("events={enabled: false}", "alerts.paging=alarm", "alerts.slack={}", "alerts.mutes={}"),
    *("dashboard={enabled: false}", "review={}"),
)

DEFAULTS = {
    "ecs.cpu-high": Default("web", 80, 300, 1, most=100),
    "ecs.tasks-low": Default("web", 0, 60, 5, sign=">", outage=2),
    "alb.target-5xx": Default("main", 5, 60, 1),
    "alb.target-5xx-rate": Default("main", 5, 60, 5, 3, most=100),
    # No connection is idle for longer than that:
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
    "alb.latency-high": Default("main", 2, 300, 1, most=4000),
    "rds.cpu-high": Default("main", 90, 60, 5, sign=">", most=100),
    "rds.read-latency": Default("main", 0.02, 60, 5, sign=">"),
    # A small one earns 24 credits an hour and keeps those of a day:
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html
    "rds.cpu-credits": Default("main", 20, 300, 2, sign="<", every=300, most=576),
    "logs.errors": Default("app", 10, 300, 1),
    "app.latency-p95": Default("web", 2, 60, 5),
    "app.cache-hit-rate-low": Default("web", 50, 300, 3, sign="<", most=100, enabled=False),
}

# Mostly right, at the limits, and just beyond them.
_PERIODS = st.sampled_from((60, 60, 120, 300, 3540, 3600, 86_400, 10, 30, 45, 90, 0, -60, 86_460))
_COUNTS = st.sampled_from((1, 1, 2, 3, 5, 24, 25, 168, 169, 288, 289, 1440, 1441, 0, -1))
_THRESHOLDS = st.sampled_from((0, 0.5, 1, 50, 99.9, 100, 100.1, 101, -0.1, -1, 1e9)) | st.floats(
    0, 100
)
_FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "threshold": _THRESHOLDS,
        "period": _PERIODS,
        "evaluation_periods": _COUNTS,
        "datapoints_to_alarm": _COUNTS,
        "enabled": st.booleans(),
    },
).filter(bool)


@st.composite
def overrides(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """Overrides for all targets of a rule, for its one target, or for both."""
    found = {}
    for key in draw(st.lists(st.sampled_from(sorted(DEFAULTS)), min_size=1, max_size=2)):
        for address in draw(
            st.sampled_from(
                ((key,), (f"{key}@{DEFAULTS[key].target}",), (key, f"{key}@{DEFAULTS[key].target}"))
            )
        ):
            found[address] = draw(_FIELDS)
    return found


def alarms(run: ProgramRun) -> dict[str, dict[str, float]]:
    """What the overrides can change, by alarm key."""
    found = {}
    for alarm in run.of_type(ALARM):
        inputs = dict(alarm.inputs)
        for query in inputs.get("metricQueries", ()):
            inputs |= {"period": query["metric"]["period"]} if "metric" in query else {}
        names = ("threshold", "period", "evaluationPeriods", "datapointsToAlarm")
        found[inputs["tags"]["AlarmKey"]] = {name: inputs[name] for name in names}
    return found


@given(chosen=overrides())
@settings(
    max_examples=100,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
def test_an_override_is_taken_if_cloudwatch_takes_the_alarm(
    chosen: dict[str, dict[str, Any]],
) -> None:
    wanted = {
        key: default.changed({**chosen.get(key, {}), **chosen.get(f"{key}@{default.target}", {})})
        for key, default in DEFAULTS.items()
    }
    prod = read_stack_config("prod", settings=_ALARMS_ALONE)
    values = {**prod.values, "django-ecs-monitoring:alarms": json.dumps(chosen)}
    config = replace(prod, values=values)
    wrong = {key for key, rule in wanted.items() if not rule.is_valid}
    answer = run_or_refused(config)
    if isinstance(answer, SettingsError):
        named = {found.fix.removeprefix("alarm ").partition("@")[0] for found in answer.problems}
        assert named == wrong, answer
        return
    assert wrong == set(), "taken, though CloudWatch would not take it"
    registered = {key: found for key, found in alarms(answer).items() if key in DEFAULTS}
    assert registered == {key: rule.registered for key, rule in wanted.items() if rule.enabled}
