"""What is asked of a suggestion for an alarm, and what a review makes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress, AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat, Query
from ecs_monitoring.cloudwatch.rule import Comparison
from ecs_monitoring.cloudwatch.units import Unit
from replay.choices import MOfN, Wish
from replay.curve import Curve
from replay.detectors import DetectorKind
from replay.history import MetricHistory
from replay.incidents import Incident
from replay.outcome import Outcome
from replay.suggestion import SuggestedAlarm, Suggestion, ThresholdVerdict
from review import build
from review.beside import Beside
from review.build import review_alarm
from review.case import Case, Stretch
from review.model import DataSummary
from tests.evaluation.alarms import KEY, START, alarm
from tests.replay.alarms import history
from tests.review.values import live_alarm

WHOLE: Final = history([1.0, 2.0, 3.0] * 4)
HALVES: Final = history([1.0, 2.5, 3.0] * 4)
NEGATIVE: Final = history([1.0, -2.0, 3.0] * 4)
END: Final = START + 12 * 60
WRONG: Final = (Incident(START, START + 60),)

ABOVE: Final = alarm(threshold=2.0)
BELOW: Final = alarm(threshold=2.0, comparison=Comparison.BELOW)


def case(definition: AlarmDefinition, values: MetricHistory, **fields: Any) -> Case:
    """Twelve minutes, of which the last nine can be judged."""
    about = {name: fields.pop(name) for name in ("address", "unit") if name in fields}
    return Case(
        alarm=live_alarm(definition, **about),
        histories={KEY: values},
        stretch=Stretch(start=START, end=END),
        **fields,
    )


Asked = list[tuple[AlarmDefinition, Mapping[MOfN, Curve], Wish]]


def keeps(definition: AlarmDefinition, verdict: ThresholdVerdict, **fields: Any) -> Suggestion:
    kept: dict[str, Any] = {
        "threshold": definition.threshold,
        "datapoints_to_alarm": definition.breaching_datapoints,
        "evaluation_periods": definition.evaluation_periods,
        "reasons": ("as it was asked",),
        **fields,
    }
    return Suggestion(verdict=verdict, **kept)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What was asked; the answer is that the alarm stays as it is."""
    found: Asked = []

    def suggest(definition: AlarmDefinition, *about: Any) -> Suggestion:
        found.append((definition, *about))
        return keeps(definition, ThresholdVerdict.KEEP)

    monkeypatch.setattr(build, "suggest", suggest)
    return found


COUNT: Final = Wish(is_whole=True)


@pytest.mark.parametrize(
    ("definition", "values", "fields", "wish"),
    [
        (ABOVE, WHOLE, {}, COUNT),
        (ABOVE, HALVES, {}, Wish()),
        # Whole numbers of another unit are whole by chance.
        (ABOVE, WHOLE, {"unit": Unit.SECONDS}, Wish(unit=Unit.SECONDS)),
        # A percentage ends at 100; what is never negative ends at 0.
        (ABOVE, WHOLE, {"unit": Unit.PERCENT}, Wish(most=100.0, unit=Unit.PERCENT)),
        (BELOW, WHOLE, {}, replace(COUNT, most=0.0)),
        (BELOW, WHOLE, {"unit": Unit.PERCENT}, Wish(most=0.0, unit=Unit.PERCENT)),
        (BELOW, NEGATIVE, {}, COUNT),
        # Of what runs out, or is not there, no more is tolerated than now.
        (ABOVE, WHOLE, {"address": "alb.unhealthy-hosts@main/web"}, replace(COUNT, limit=2.0)),
        (ABOVE, WHOLE, {"address": "ecs.cpu-high@web"}, COUNT),
        (
            ABOVE,
            WHOLE,
            {"pages_per_month": 0.5, "incidents": WRONG},
            replace(COUNT, pages_per_month=0.5, incidents=WRONG),
        ),
    ],
)
def test_what_is_asked(
    definition: AlarmDefinition,
    values: MetricHistory,
    fields: dict[str, Any],
    wish: Wish,
    asked: Asked,
) -> None:
    review_alarm(case(definition, values, **fields))
    assert [(about, wanted) for about, _, wanted in asked] == [(definition, wish)]


def test_without_any_record_of_one_metric_nothing_of_it_is_negative(asked: Asked) -> None:
    other = replace(KEY, name="Visits")
    source = MetricStat(metric=other, statistic="Maximum")
    queries = (*BELOW.queries, Query(id="m2", source=source), Query(id="e1", source="m1"))
    definition = replace(BELOW, queries=queries, watched="e1")
    review_alarm(case(definition, WHOLE))
    # The curve of metric math over two metrics begins as that over one.
    assert [wish.most for _, _, wish in asked] == [0.0]


def test_what_is_asked_is_asked_of_what_can_be_judged(asked: Asked) -> None:
    found = review_alarm(case(ABOVE, WHOLE))
    assert found.current is not None
    assert found.current.outcome.start == START + 180
    ((_, curves, _),) = asked
    # From the third minute to the last, both included.
    times = list(range(START + 180, END + 1, 60))
    assert {tuple(curve.times.tolist()) for curve in curves.values()} == {tuple(times)}
    assert [(p.datapoints_to_alarm, p.evaluation_periods) for p in found.curves] == list(curves)
    assert found.trace is not None
    assert found.trace.times == tuple(times)
    # The last minute of each: 3, 1, 2, 3 and so on.
    assert found.trace.high == (3, 1, 2, 3, 1, 2, 3, 1, 2, 3)


def test_thresholds_that_are_marked_in_the_curves(monkeypatch: pytest.MonkeyPatch) -> None:
    change = keeps(ABOVE, ThresholdVerdict.CHANGE, threshold=2.75)
    monkeypatch.setattr(build, "suggest", lambda *_: change)
    found = review_alarm(case(ABOVE, WHOLE, incidents=WRONG))
    own = found.curves[0]
    assert own.thresholds == (1.0, 2.0, 2.75, 3.0)
    # Whether any of them catches the incident, one number a threshold.
    assert len(own.caught) == 4


def test_a_change_is_replayed_beside_the_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    change = keeps(
        ABOVE, ThresholdVerdict.CHANGE, threshold=1.5, datapoints_to_alarm=2, evaluation_periods=3
    )
    monkeypatch.setattr(build, "suggest", lambda *_: change)
    found = review_alarm(case(ABOVE, WHOLE))
    assert (found.suggestion, found.problem) == (change, "")
    (suggested,) = found.candidates
    assert suggested.label == "suggested"
    assert suggested.definition == replace(
        ABOVE, threshold=1.5, datapoints_to_alarm=2, evaluation_periods=3
    )
    # Two of three minutes are always beyond 1.5; beyond 2 is every third one.
    assert found.current is not None
    assert len(found.current.outcome.firings) == 4
    assert len(suggested.outcome.firings) == 1


def test_coarse_records_are_approximate(asked: Asked) -> None:
    values = history([1.0, 2.0, 3.0], step=300)
    found = review_alarm(case(ABOVE, values))
    assert found.data == DataSummary(
        first=START,
        last=START + 600,
        records=3,
        resolutions={300: 3},
        without_data=(),
        is_approximate=True,
    )
    assert not review_alarm(case(ABOVE, WHOLE)).data.is_approximate


RECENT: Final = alarm(threshold=5.0, name="recent")
EXTRA: Final = Beside(
    suggestion=replace(
        keeps(ABOVE, ThresholdVerdict.CHANGE),
        alarms=(SuggestedAlarm(kind=DetectorKind.RECENT, definition=RECENT, why="far"),),
    ),
    missed=1,
)


@pytest.mark.parametrize("recent", [None, RECENT])
def test_what_is_set_beside_it_is_said_with_it(
    recent: AlarmDefinition | None, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []

    def beside(
        definition: AlarmDefinition,
        values: MetricHistory,
        outcomes: Sequence[Outcome],
        *about: Any,
    ) -> Beside:
        given.append((definition, values, *about))
        names = [outcome.firings for outcome in outcomes]
        assert len(names) == (1 if recent is None else 2)
        if recent is not None:
            there = outcomes[1]
            assert (there.start, there.end) == (START + 180, END)
            # 5 is never reached.
            assert (there.firings, there.state) == ((), AlarmState.OK)
        return EXTRA

    monkeypatch.setattr(build, "beside", beside)
    monkeypatch.setattr(Beside, "sentence", "beside it, another one")
    found = review_alarm(case(ABOVE, WHOLE, recent=recent))
    assert given == [(ABOVE, WHOLE, Unit.COUNT, COUNT)]
    assert found.suggestion == replace(
        keeps(ABOVE, ThresholdVerdict.KEEP),
        reasons=("as it was asked", "beside it, another one"),
        alarms=EXTRA.suggestion.alarms,
    )
    assert found.candidates == ()


def test_nothing_is_set_beside_metric_math(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "beside", lambda *_: EXTRA)
    definition = replace(ABOVE, queries=(*ABOVE.queries, Query(id="e1", source="m1 * 2")))
    math = review_alarm(case(replace(definition, watched="e1"), WHOLE))
    assert math.suggestion.alarms == ()
    assert math.address == AlarmAddress("shop.orders@web")
