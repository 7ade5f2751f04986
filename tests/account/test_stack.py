"""Where a stack's alarms are looked for."""

from dataclasses import replace
from typing import Any

import pytest

from account import stack as module
from account.account import Caller, Region
from account.alarms import NoSuchAlarmError
from account.reading import FoundAlarms
from account.stack import StackPlace, find_alarms, refuse_none
from stack.config import StackConfig
from tests.account.emulated import answering
from tests.account.recorded import refused
from tests.account.values import alarm

ALICE = Caller(arn="arn:aws:iam::1:user/alice", account="1", partition="aws")
PLACE = StackPlace(project="shop", stack="prod", home="eu-west-1")
OUTSIDE = "us-east-1"


@pytest.mark.parametrize(
    ("regions", "kept", "first"),
    [
        ([], (), "eu-west-1"),
        (["us-west-2", OUTSIDE, "us-west-2"], ("us-west-2", OUTSIDE), "us-west-2"),
    ],
)
def test_a_place_by_its_config(regions: list[str], kept: tuple[str, ...], first: str) -> None:
    config = StackConfig(
        project="shop", stack="prod", values={}, secret_keys=frozenset(), region="eu-west-1"
    )
    place = StackPlace.of(config, regions)
    assert place == replace(PLACE, regions=kept)
    assert (place.prefix, place.first_region) == ("shop-prod-", first)


class Opened:
    """An account whose regions are known by their names alone."""

    def region(self, name: str, caller: Caller) -> Region:
        return replace(answering(), name=name, caller=caller)


def found_of(name: str) -> FoundAlarms:
    return FoundAlarms(alarms=(), others=(name,))


def regions_of(
    place: StackPlace,
    monkeypatch: pytest.MonkeyPatch,
    *,
    caller: Caller = ALICE,
    forbidden: str = "",
) -> tuple[list[str], list[str]]:
    """Where it was looked, and what is said of it."""

    def read(region: Region, prefix: str) -> FoundAlarms:
        assert (prefix, region.caller) == ("shop-prod-", caller)
        if region.name == forbidden:
            raise refused()
        return found_of(region.name)

    monkeypatch.setattr(module, "read_alarms", read)
    opened: Any = Opened()
    by_region, said = find_alarms(opened, caller, place)
    assert [alarms for _, alarms in by_region] == [found_of(of.name) for of, _ in by_region]
    return [region.name for region, _ in by_region], said


@pytest.mark.parametrize(
    ("place", "partition", "looked_at"),
    [
        (PLACE, "aws", ["eu-west-1", OUTSIDE]),
        (replace(PLACE, home=OUTSIDE), "aws", [OUTSIDE]),
        # Route 53's checks are in no other partition.
        (replace(PLACE, home="cn-north-1"), "aws-cn", ["cn-north-1"]),
        (replace(PLACE, regions=("us-west-2", "eu-west-1")), "aws", ["us-west-2", "eu-west-1"]),
    ],
)
def test_outside_checks_have_a_region_of_their_own(
    place: StackPlace, partition: str, looked_at: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = replace(ALICE, partition=partition)
    assert regions_of(place, monkeypatch, caller=caller) == (looked_at, [])


def test_a_forbidden_region_of_outside_checks_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert regions_of(PLACE, monkeypatch, forbidden=OUTSIDE) == (
        ["eu-west-1"],
        [
            "us-east-1 (outside checks) could not be looked at: An error occurred (AccessDenied) "
            "when calling the X operation: no"
        ],
    )


def test_a_place_without_alarms_is_refused() -> None:
    none = FoundAlarms(alarms=(), others=("shop-prod-other",))
    here, there = (replace(answering(), name=name) for name in ("eu-west-1", OUTSIDE))
    with pytest.raises(
        NoSuchAlarmError,
        match=r"^account 1 has no alarm shop-prod-… in eu-west-1, us-east-1: is the stack "
        r"deployed there\?$",
    ):
        refuse_none(ALICE, PLACE, [(here, none), (there, none)])
    one = FoundAlarms(alarms=(alarm(),), others=())
    refuse_none(ALICE, PLACE, [(here, none), (there, one)])
