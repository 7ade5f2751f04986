"""The rules of a mute by hand: their window, what is asked of AWS, and whose rules there are."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from account.account import Caller, Region
from account.mute_rules import MuteRule
from account.mutes_by_hand import FoundRule, HandWindow, MadeInPartError, hand_window, make, new_id
from account.mutes_by_hand import of_stack as rules_of_stack
from account.stack import StackPlace
from ecs_monitoring.cloudwatch.mute import MuteSchedule, MuteWindow
from tests.account.emulated import answering, refusing
from tests.account.values import alarm

PLACE = StackPlace(project="shop", stack="prod", home="eu-west-1")
ALICE = Caller(arn="arn:aws:iam::1:user/alice", account="1", partition="aws")
ID = "20261126T2030-1a2b"


def at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


NOW = at("2026-11-26T20:30:45+00:00")


def window(expression: str, seconds: int, zone: str, start: str) -> HandWindow:
    begins = int(at(start))
    return HandWindow(
        schedule=MuteSchedule(expression=expression, duration=seconds, timezone=zone),
        window=MuteWindow(begins, begins + seconds),
    )


@pytest.mark.parametrize(
    ("now", "start"),
    [
        # The minute that comes next is far enough ahead, and then it is not: ten seconds.
        ("20:30:00", "20:31"),
        ("20:30:50", "20:31"),
        ("20:30:50.5", "20:32"),
        ("20:30:51", "20:32"),
        ("23:59:55", "00:01"),
    ],
)
def test_a_mute_begins_with_the_next_minute_that_can_be_reached(now: str, start: str) -> None:
    day = "2026-11-27" if start < "12" else "2026-11-26"
    asked = hand_window("90m", None, "Asia/Tokyo", at(f"2026-11-26T{now}+00:00"))
    # Ninety minutes, and not in the zone of a local time that nobody gave.
    assert asked == window(f"at({day}T{start})", 5400, "UTC", f"{day}T{start}+00:00")


def test_a_mute_at_a_local_time() -> None:
    asked = hand_window("2h", "2026-11-27T08:00", "Asia/Tokyo", NOW)
    # Tokyo is nine hours ahead of UTC.
    assert asked == window("at(2026-11-27T08:00)", 7200, "Asia/Tokyo", "2026-11-26T23:00:00+00:00")


def test_a_mute_may_begin_at_this_very_second() -> None:
    now = at("2026-11-26T20:31:00+00:00")
    asked = hand_window("1h", "2026-11-26T20:31", "UTC", now)
    assert asked.window.start == now


@pytest.mark.parametrize(
    "time",
    # Begun a quarter of an hour ago, and over since yesterday.
    ["2026-11-27T05:15", "2026-11-26T05:30"],
)
def test_a_window_that_has_begun_is_refused_with_the_time_there(time: str) -> None:
    words = f"{time} Asia/Tokyo has begun: write a time after 2026-11-27T05:30, or leave --at out"
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        hand_window("1h", time, "Asia/Tokyo", NOW)


def test_the_name_of_a_mute_is_its_time_in_utc_and_some_letters() -> None:
    tokyo = datetime(2026, 11, 27, 5, 30, 45, tzinfo=timezone(timedelta(hours=9)))
    first, second = new_id(tokyo), new_id(tokyo)
    assert re.fullmatch("20261126T2030-[0-9a-f]{4}", first)
    # One in 65536 is the same by chance.
    assert first != second or new_id(tokyo) != first


@dataclass
class CloudWatch:
    """Keeps mute rules.

    Attributes:
        refused: what is asked for by these names is refused: ``put <name>``, ``delete <name>``.
        put: each request.
        deleted: names, in order.
    """

    refused: frozenset[str] = frozenset()
    put: list[dict[str, Any]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)

    def _check(self, what: str) -> None:
        if what in self.refused:
            refusing("LimitExceeded")()

    def put_alarm_mute_rule(self, **request: Any) -> None:
        self._check(f"put {request['Name']}")
        self.put.append(request)

    def delete_alarm_mute_rule(self, AlarmMuteRuleName: str) -> None:  # noqa: N803
        self._check(f"delete {AlarmMuteRuleName}")
        self.deleted.append(AlarmMuteRuleName)

    def region(self) -> Region:
        return replace(answering(), cloudwatch=self)


def named(number: int) -> list[Any]:
    return [alarm(f"ecs.cpu-high@s{n}") for n in range(number)]


def rule_name(part: str = "") -> str:
    return f"shop-prod-mute-by-hand--{ID}{part}"


WINDOW = hand_window("2h", "2026-11-27T08:00", "Asia/Tokyo", NOW)


def test_what_aws_is_asked_for() -> None:
    cloudwatch = CloudWatch()
    region = cloudwatch.region()
    web, worker = alarm("ecs.cpu-high@web"), alarm("ecs.cpu-high@worker")
    by_region = [(region, [web, worker])]
    assert make(PLACE, ALICE, by_region, WINDOW, id=ID, reason="upgrade") == [(region, rule_name())]
    assert cloudwatch.put == [
        {
            "Name": rule_name(),
            "Description": f"upgrade (python -m ops mute, {ALICE.arn})",
            "Rule": {
                "Schedule": {
                    "Expression": "at(2026-11-27T08:00)",
                    "Duration": "PT2H",
                    "Timezone": "Asia/Tokyo",
                }
            },
            "MuteTargets": {"AlarmNames": [web.name, worker.name]},
            "Tags": [
                {"Key": "Mute", "Value": "by-hand"},
                {"Key": "MuteOf", "Value": "shop/prod"},
                {"Key": "MutedBy", "Value": ALICE.arn},
            ],
        }
    ]


def test_what_is_too_long_for_aws_is_cut() -> None:
    cloudwatch = CloudWatch()
    somebody = replace(ALICE, arn="a" * 300)
    make(PLACE, somebody, [(cloudwatch.region(), named(1))], WINDOW, id=ID, reason="r" * 600)
    (request,) = cloudwatch.put
    assert request["Description"].startswith("r" * 500 + " (python")
    # A tag's value has 256 characters at most.
    assert request["Tags"][-1] == {"Key": "MutedBy", "Value": "a" * 256}


def test_a_rule_for_each_hundred_alarms_of_each_region() -> None:
    first, second = CloudWatch(), CloudWatch()
    here, there = first.region(), second.region()
    by_region = [(here, named(201)), (there, named(100))]
    made = make(PLACE, ALICE, by_region, WINDOW, id=ID, reason="")
    assert made == [
        (here, rule_name()),
        (here, rule_name("-2")),
        (here, rule_name("-3")),
        (there, rule_name()),
    ]
    counts = [len(request["MuteTargets"]["AlarmNames"]) for request in first.put + second.put]
    assert counts == [100, 100, 1, 100]
    assert first.put[1]["MuteTargets"]["AlarmNames"][0] == named(101)[100].name


FIRST, SECOND, THIRD = rule_name(), rule_name("-2"), rule_name("-3")


@pytest.mark.parametrize(
    ("refused", "deleted", "left"),
    [
        # The rule that was refused is deleted, too: AWS may have made it all the same.
        ((), [FIRST, SECOND, THIRD], ""),
        ((f"delete {FIRST}",), [SECOND, THIRD], f"; delete by hand: {FIRST}"),
        (
            (f"delete {FIRST}", f"delete {THIRD}"),
            [SECOND],
            f"; delete by hand: {FIRST}, {THIRD}",
        ),
    ],
    ids=["all gone", "one left", "two left"],
)
def test_a_mute_that_is_made_in_part_is_taken_back(
    refused: tuple[str, ...], deleted: list[str], left: str
) -> None:
    cloudwatch = CloudWatch(frozenset({f"put {THIRD}", *refused}))
    by_region = [(cloudwatch.region(), named(301))]
    with pytest.raises(MadeInPartError) as error:
        make(PLACE, ALICE, by_region, WINDOW, id=ID, reason="")
    assert str(error.value) == (
        f"{THIRD} could not be made: An error occurred (LimitExceeded) when calling the Operation "
        f"operation: no{left}"
    )
    assert cloudwatch.deleted == deleted


def muting(name: str, *alarms: str) -> MuteRule:
    return MuteRule(name=name, alarms=frozenset(alarms), schedule="at(x)", duration="PT1H")


WEB, WORKER = alarm("ecs.cpu-high@web"), alarm("ecs.cpu-high@worker")


@pytest.mark.parametrize(
    ("name", "origin", "id_"),
    [
        (rule_name(), "by hand", ID),
        # The second hundred of the same mute.
        (rule_name("-2"), "by hand", ID),
        ("shop-prod-mute-nights--ecs", "settings: alerts.mutes.nights", ""),
        ("shop-prod-mute-nights", "not of this program", ""),
        ("shop-test-mute-nights--ecs", "not of this program", ""),
        (f"shop-test-mute-by-hand--{ID}", "not of this program", ""),
        ("freeze", "not of this program", ""),
    ],
)
def test_whose_a_rule_is(name: str, origin: str, id_: str) -> None:
    region = answering()
    rule = muting(name, WORKER.name, WEB.name, "somebody-elses")
    assert list(rules_of_stack(PLACE, region, [rule], [WEB, WORKER])) == [
        # In the order of the stack's alarms.
        FoundRule(region=region, rule=rule, alarms=(WEB, WORKER), origin=origin, id=id_)
    ]


def test_a_rule_that_mutes_none_of_the_stacks_is_left_out() -> None:
    others, own = muting("freeze", "somebody-elses"), muting("nights", WORKER.name)
    (found,) = rules_of_stack(PLACE, answering(), [others, own], [WEB, WORKER])
    assert (found.rule, found.alarms) == (own, (WORKER,))
