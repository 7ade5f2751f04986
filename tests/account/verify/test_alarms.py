"""What the account says to an alarm that is to be deployed: who is notified, and its name."""

from collections.abc import Mapping

import pytest

from account.coverage.watchers import watchers
from account.obstacles import Obstacle, ObstacleKind
from account.verify.alarms import alarm_answers
from account.verify.live_region import LiveRegion
from account.verify.model import FOUND, Answer, VerifiedAlarm, missing, note, unknown
from account.verify.planned import Planned
from tests.account.coverage.values import HOME, TOPIC, in_ecs, own, running, service

ALARM = own("ecs.cpu-high@web", dimensions=in_ecs())
SAYS = "what is wrong, and what to do"


def answers(
    *obstacles: Obstacle,
    own_topics: frozenset[str] = frozenset(),
    taken: Mapping[str, str] | None = None,
) -> VerifiedAlarm:
    (watcher,) = watchers([ALARM.raw], (ALARM,))
    live = LiveRegion(
        inventory=running(services=(service(),), clusters=("main",)),
        metrics=None,
        groups=None,
        obstacles=obstacles,
        taken=taken,
    )
    return alarm_answers(Planned(region=HOME, own_topics=own_topics), watcher, live)


def obstacle(kind: ObstacleKind, address: str = ALARM.address) -> Obstacle:
    return Obstacle(kind=kind, subject=TOPIC, message=SAYS, alarms=(address,))


@pytest.mark.parametrize("kind", ObstacleKind)
def test_who_would_not_be_notified(kind: ObstacleKind) -> None:
    as_it_is = {
        ObstacleKind.NOT_CHECKED: unknown(SAYS),
        # Somebody has yet to confirm, which a deployment does not wait for.
        ObstacleKind.SUBSCRIPTION_PENDING: note(SAYS),
    }
    assert answers(obstacle(kind)).notified == as_it_is.get(kind, missing(SAYS))


@pytest.mark.parametrize("kind", [ObstacleKind.TOPIC_GONE, ObstacleKind.TOPIC_POLICY])
def test_a_topic_that_the_stack_makes_need_not_be_there(kind: ObstacleKind) -> None:
    notified = answers(obstacle(kind), own_topics=frozenset({TOPIC})).notified
    name = TOPIC.rpartition(":")[2]
    will_be_made = note(
        f"topic {name} will be made; its subscribers must confirm before they are notified"
    )
    assert notified == (will_be_made if kind is ObstacleKind.TOPIC_GONE else missing(SAYS))


def test_what_is_in_the_way_of_others_is_not_said() -> None:
    others = obstacle(ObstacleKind.NO_SUBSCRIBERS, "ecs.cpu-high@other")
    assert answers(others).notified == FOUND


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ({}, FOUND),
        ({ALARM.name: "of stack shop/test"}, missing("of stack shop/test")),
        ({"another": "of stack shop/test"}, FOUND),
    ],
)
def test_a_name_is_free_or_anothers(taken: Mapping[str, str], free: Answer) -> None:
    assert answers(taken=taken).free == free


def test_what_nobody_could_look_at_is_unknown() -> None:
    said = answers()
    assert said.free.verdict == said.data.verdict == "unknown"
    assert said.exists == FOUND
    assert (said.address, said.name, said.region) == (ALARM.address, ALARM.name, HOME)
