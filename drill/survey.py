"""Looks at everything before anything is touched: alarms, topics, what is in the way."""

from collections.abc import Sequence
from dataclasses import dataclass

from account.account import Account, Attempts, Caller, Region
from account.alarms import LiveAlarm, chosen
from account.chat import ChatChannel
from account.composites import Composites
from account.mute_rules import active_mute_rules
from account.obstacles import Obstacle, obstacles
from account.reading import read_composites, read_topics
from account.stack import StackPlace, find_alarms, refuse_none
from account.topics import Topic
from drill.chat import channel_obstacles, channels_of
from drill.mark import found_mark
from drill.plan import DrillPlan, plan
from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.words import listed


@dataclass(frozen=True, kw_only=True)
class Choice(StackPlace):
    """Which alarms of a stack somebody means.

    Attributes:
        alarms: keys, addresses or names; empty for all.
        severity: only this one; ``None`` for all.
    """

    alarms: tuple[str, ...] = ()
    severity: str | None = None


@dataclass(frozen=True, kw_only=True)
class SurveyedRegion:
    """What is to be drilled in one region.

    Attributes:
        region: the region.
        plan: which alarms, and which not.
        topics: ARN to topic, for each topic that the chosen alarms tell.
        composites: every composite alarm of the region.
    """

    region: Region
    plan: DrillPlan
    topics: dict[str, Topic]
    composites: Composites


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What a drill would do, and what is in the way of the notifications.

    Attributes:
        choice: what was asked for.
        caller: whose credentials are used.
        regions: those that have chosen alarms.
        obstacles: all of them.
        notes: what else is worth knowing, in words.
        channels: chat channels that are told of the chosen alarms' topics.
    """

    choice: Choice
    caller: Caller
    regions: tuple[SurveyedRegion, ...]
    obstacles: tuple[Obstacle, ...]
    notes: tuple[str, ...]
    channels: tuple[ChatChannel, ...] = ()

    @property
    def drilled(self) -> list[LiveAlarm]:
        """Every alarm that would be set off."""
        return [alarm for region in self.regions for alarm in region.plan.drilled]


def survey(account: Account, choice: Choice) -> Survey:
    """Look at the chosen alarms of a stack; only reads.

    Args:
        account: where.
        choice: which alarms.

    Raises:
        NoSuchAlarmError: nothing fits the choice.
        botocore.exceptions.ClientError: AWS refuses to tell.
        botocore.exceptions.BotoCoreError: AWS cannot be reached.
    """
    caller = account.caller(choice.first_region)
    by_region, notes = find_alarms(account, caller, choice)
    alarms = [alarm for _, of in by_region for alarm in of.alarms]
    others = [name for _, of in by_region for name in of.others]
    if others:
        notes.append(
            f"not of this stack's program by their tags, and left alone: {', '.join(others)}"
        )
    refuse_none(caller, choice, by_region)
    notes += _left_behind(alarms, choice.stack)
    wanted = [
        alarm
        for alarm in chosen(alarms, choice.alarms, choice.severity)
        # Some composite alarms do nothing but hold others back.
        if not alarm.is_composite or any(alarm.actions.values())
    ]
    for region, _ in by_region:
        notes += _muted_now(region, [alarm for alarm in wanted if alarm.region == region.name])
    surveyed = [
        _surveyed(region, here)
        for region, _ in by_region
        if (here := [alarm for alarm in wanted if alarm.region == region.name])
    ]
    topics = [topic for here in surveyed for topic in here.topics.values()]
    channels, unread = channels_of(account, topics)
    plans = {here.region.name: here.plan for here in surveyed}
    return Survey(
        choice=choice,
        caller=caller,
        regions=tuple(surveyed),
        obstacles=(
            *(
                obstacle
                for here in surveyed
                for obstacle in obstacles(_all(here.plan), here.topics, here.composites)
            ),
            *channel_obstacles(channels, plans),
        ),
        notes=(*notes, *unread),
        channels=tuple(channels),
    )


def _left_behind(alarms: Sequence[LiveAlarm], stack: str) -> list[str]:
    """Alarms that an earlier drill left in ALARM."""
    marked = [
        alarm.address
        for alarm in alarms
        if alarm.state is AlarmState.ALARM and found_mark(alarm.state_reason)
    ]
    if not marked:
        return []
    return [
        f"{listed(marked)}: in ALARM since a drill that was cut off, or that somebody runs now; "
        f"python -m ops drill {stack} --recover puts it back"
    ]


def _muted_now(region: Region, alarms: Sequence[LiveAlarm]) -> list[str]:
    """Alarms whose notifications a mute rule holds back at this moment."""
    if not alarms:
        return []
    # Whoever may not look is told by the alarms that nothing came of.
    return [
        f"muted at the moment by {rule.name}, so that nothing will arrive: {listed(muted)}"
        for rule in active_mute_rules(region, Attempts(region.name))
        if (muted := [alarm.address for alarm in alarms if alarm.name in rule.alarms])
    ]


def _surveyed(region: Region, alarms: Sequence[LiveAlarm]) -> SurveyedRegion:
    topics = read_topics(region, alarms)
    composites = read_composites(region)
    return SurveyedRegion(
        region=region,
        plan=plan(alarms, topics, composites),
        topics=topics,
        composites=composites,
    )


def _all(planned: DrillPlan) -> list[LiveAlarm]:
    return [*planned.drilled, *(left.alarm for left in planned.left_alone)]
