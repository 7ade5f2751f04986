"""Where a stack's alarms are, and which they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from account.account import AWS_ERRORS, Account, Caller, Region
from account.alarms import NoSuchAlarmError
from account.reading import FoundAlarms, read_alarms
from ecs_monitoring.catalog.metrics.health import ROUTE53_REGION
from stack.config import StackConfig


@dataclass(frozen=True, kw_only=True)
class StackPlace:
    """A stack and where to look for it.

    Attributes:
        project: the project's name.
        stack: the stack's name.
        home: the region of the stack's config.
        regions: where to look; empty for ``home``, and for alarms of outside checks too.
    """

    project: str
    stack: str
    home: str
    regions: tuple[str, ...] = ()

    @classmethod
    def of(cls, config: StackConfig, regions: Iterable[str]) -> Self:
        """The place of a stack by its config, and the regions that somebody named."""
        return cls(
            project=config.project,
            stack=config.stack,
            home=config.region,
            regions=tuple(dict.fromkeys(regions)),
        )

    @property
    def prefix(self) -> str:
        """What the name of each of the stack's alarms begins with."""
        return f"{self.project}-{self.stack}-"

    @property
    def first_region(self) -> str:
        """The region to ask whose credentials are used."""
        return self.regions[0] if self.regions else self.home


def find_alarms(
    account: Account, caller: Caller, place: StackPlace
) -> tuple[list[tuple[Region, FoundAlarms]], list[str]]:
    """The stack's alarms by region, and in words what could not be looked at.

    Raises:
        botocore.exceptions.ClientError: AWS refuses to tell.
        botocore.exceptions.BotoCoreError: AWS cannot be reached.
    """
    regions = [account.region(name, caller) for name in place.regions or (place.home,)]
    by_region = [(region, read_alarms(region, place.prefix)) for region in regions]
    if place.regions or place.home == ROUTE53_REGION or caller.partition != "aws":
        return by_region, []
    outside = account.region(ROUTE53_REGION, caller)
    try:
        outside_alarms = read_alarms(outside, place.prefix)
    except AWS_ERRORS as error:
        # An organization may well forbid regions that it does not use.
        return by_region, [f"{ROUTE53_REGION} (outside checks) could not be looked at: {error}"]
    return [*by_region, (outside, outside_alarms)], []


def refuse_none(
    caller: Caller, place: StackPlace, by_region: Sequence[tuple[Region, FoundAlarms]]
) -> None:
    """See that there are any alarms.

    Args:
        caller: whose account it is.
        place: the stack.
        by_region: its alarms by region.

    Raises:
        NoSuchAlarmError: no region has any.
    """
    if not any(of.alarms for _, of in by_region):
        raise NoSuchAlarmError(
            f"account {caller.account} has no alarm {place.prefix}… in "
            f"{', '.join(region.name for region, _ in by_region)}: is the stack deployed there?"
        )
