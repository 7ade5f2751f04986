"""What there is of an alarm's history, and which part of the stretch can be judged by it."""

from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat, Query
from ecs_monitoring.cloudwatch.rule import WarmUp
from replay.history import MetricHistory
from review.case import Case, Histories, Stretch, created_of, data_of, judged_of, learnt_from
from review.model import DataSummary
from tests.evaluation.alarms import KEY, START, alarm
from tests.replay.alarms import history
from tests.review.values import live_alarm

END: Final = START + 3600
OTHER: Final = MetricKey(namespace="Shop", name="Visits")

# One of one, and the two periods that CloudWatch looks at beyond it: 180 s.
PLAIN: Final = alarm()
WAITS: Final = alarm(warm_up=WarmUp(900, is_whole=True))


def case(definition: AlarmDefinition, histories: Histories, **fields: Any) -> Case:
    """An hour from ``START`` on."""
    return Case(
        alarm=live_alarm(definition),
        histories=histories,
        stretch=Stretch(start=START, end=END),
        **fields,
    )


def since(second: int) -> dict[MetricKey, MetricHistory]:
    """Some minutes with data, the first of them so many seconds after ``START``."""
    return {KEY: history([1.0] * 5, start=START + second)}


def quotient() -> AlarmDefinition:
    """An alarm on two metrics."""
    queries = (
        Query(id="m1", source=MetricStat(metric=KEY, statistic="Sum")),
        Query(id="m2", source=MetricStat(metric=OTHER, statistic="Sum")),
        Query(id="e1", source="m1 / m2"),
    )
    return alarm(queries=queries, watched="e1")


NOTHING: Final = DataSummary(
    first=None,
    last=None,
    records=0,
    resolutions={},
    without_data=("Orders", "Visits"),
    is_approximate=False,
)


@pytest.mark.parametrize(
    ("histories", "expected"),
    [
        ({}, NOTHING),
        # The minute before the stretch, and the one that begins when it ends.
        (
            {KEY: history([1.0], start=START - 60), OTHER: history([1.0], start=END)},
            NOTHING,
        ),
        (
            {KEY: history([1.0, 2.0, 3.0], start=START - 60)},
            DataSummary(
                first=START,
                last=START + 60,
                records=2,
                resolutions={60: 2},
                without_data=("Visits",),
                is_approximate=False,
            ),
        ),
        (
            {
                KEY: history([1.0, 2.0], start=START + 60),
                OTHER: history([1.0, None, 2.0, 3.0], start=START + 300, step=300),
            },
            DataSummary(
                first=START + 60,
                last=START + 1200,
                records=5,
                resolutions={60: 2, 300: 3},
                without_data=(),
                is_approximate=False,
            ),
        ),
    ],
)
def test_what_is_recorded_in_the_stretch(
    histories: dict[MetricKey, MetricHistory], expected: DataSummary
) -> None:
    assert data_of(quotient(), case(quotient(), histories)) == expected


@pytest.mark.parametrize(
    ("first", "fields", "expected"),
    [
        # The whole range has to lie in known time; earlier than the stretch nothing is judged.
        (0, {}, (180, 3600)),
        (-120, {}, (60, 3600)),
        (-3600, {}, (0, 3600)),
        # Asked for from an hour before on, or only after the first record.
        (600, {"known_from": START - 3600}, (0, 3600)),
        (600, {"known_from": START + 300}, (480, 3600)),
        (600, {"known_from": START + 1200}, (780, 3600)),
        # Known up to some time, up to after the stretch, and for a minute or hardly one.
        (0, {"known_until": START + 1800}, (180, 1800)),
        (0, {"known_until": END + 1800}, (180, 3600)),
        (0, {"known_until": START + 240}, (180, 240)),
        (0, {"known_until": START + 239}, None),
        # Without a warm-up, when it was made means nothing.
        (0, {"made": START + 1200}, (180, 3600)),
    ],
)
def test_what_can_be_judged(
    first: int, fields: dict[str, int], expected: tuple[int, int] | None
) -> None:
    found = judged_of(PLAIN, case(PLAIN, since(first), **fields))
    assert found == (expected and Stretch(start=START + expected[0], end=START + expected[1]))


def test_without_a_record_nothing_can_be_judged() -> None:
    # Neither of this metric, nor of another one than the alarm's.
    assert judged_of(PLAIN, case(PLAIN, {}, known_from=START)) is None
    assert judged_of(PLAIN, case(PLAIN, {OTHER: history([1.0])}, known_from=START)) is None


def test_of_several_metrics_the_first_record_counts() -> None:
    histories = {
        KEY: history([1.0], start=START + 600),
        OTHER: history([1.0], start=START + 300),
    }
    assert judged_of(quotient(), case(quotient(), histories)) == Stretch(start=START + 480, end=END)


@pytest.mark.parametrize(
    ("definition", "first", "made", "created"),
    [
        # Its data began at most a quarter of an hour before it was made, or after.
        (WAITS, 300, 1200, 1200),
        (WAITS, 299, 1200, None),
        (WAITS, 1500, 1200, 1200),
        (PLAIN, 300, 1200, None),
        (WAITS, 300, None, None),
        (WAITS, None, 1200, None),
    ],
)
def test_an_alarm_is_new_where_its_metric_is_as_new(
    definition: AlarmDefinition, first: int | None, made: int | None, created: int | None
) -> None:
    histories = {} if first is None else since(first)
    given = case(definition, histories, made=None if made is None else START + made)
    assert created_of(definition, given) == (None if created is None else START + created)


def test_a_new_alarm_is_judged_from_when_it_was_made() -> None:
    made = case(WAITS, since(300), made=START + 1200)
    assert judged_of(WAITS, made) == Stretch(start=START + 1200, end=END)
    changed = case(WAITS, since(299), made=START + 1200)
    assert judged_of(WAITS, changed) == Stretch(start=START + 479, end=END)


@pytest.mark.parametrize(
    ("definition", "made", "judged", "expected"),
    [
        # An alarm that does not wait, and one that is not new.
        (PLAIN, 1200, (1200, 3600), 1200),
        (WAITS, None, (480, 3600), 480),
        # From the end of its quarter of an hour on, or all that is judged comes later.
        (WAITS, 1200, (1200, 3600), 2100),
        (WAITS, 1200, (2400, 3600), 2400),
        # The last evaluation at least, which is a minute before the end.
        (WAITS, 1200, (1200, 2000), 1940),
    ],
)
def test_values_while_an_alarm_waits_say_nothing_of_what_is_usual(
    definition: AlarmDefinition, made: int | None, judged: tuple[int, int], expected: int
) -> None:
    given = case(definition, since(300), made=None if made is None else START + made)
    stretch = Stretch(start=START + judged[0], end=START + judged[1])
    assert learnt_from(definition, given, stretch) == START + expected
