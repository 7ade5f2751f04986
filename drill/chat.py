"""Whether chat channels are notified of a drill, as far as anybody can know."""

from collections.abc import Iterable, Iterator, Mapping

from account.account import Account
from account.chat import ChatChannel, read_channels
from account.obstacles import Obstacle, ObstacleKind
from account.topics import Topic
from drill.plan import DrillPlan


def channels_of(account: Account, topics: Iterable[Topic]) -> tuple[list[ChatChannel], list[str]]:
    """The channels that are told of some topics, and what could not be looked at.

    AWS is asked only where its chat service has subscribed to a topic.
    """
    chatted = [
        topic.arn
        for topic in topics
        if any(subscription.is_chat for subscription in topic.subscriptions or ())
    ]
    return read_channels(account, chatted) if chatted else ([], [])


def channel_obstacles(
    channels: Iterable[ChatChannel], plans: Mapping[str, DrillPlan]
) -> Iterator[Obstacle]:
    """Channels to which AWS posts nothing.

    Args:
        channels: that are told of the drilled alarms' topics.
        plans: region to what is drilled there.
    """
    for channel in channels:
        alarms = tuple(
            alarm.address
            for plan in plans.values()
            for alarm in plan.drilled
            if channel.topics.intersection(alarm.topics)
        )
        if channel.off and alarms:
            yield Obstacle(
                kind=ObstacleKind.CHANNEL_OFF,
                subject=channel.name,
                message=f"{channel.shown} is told nothing: {channel.off}",
                alarms=alarms,
            )


def to_look_at(channels: Iterable[ChatChannel], mark: str) -> list[str]:
    """What only people can see: whether a notification stands in a channel.

    Args:
        channels: that are told of the drilled alarms' topics.
        mark: what the drill's notifications hold.
    """
    return [
        f"{channel.shown}: AWS does not say whether it shows what it is told: look there for "
        f"{mark}. If nothing comes, the app is not in the channel (/invite @Amazon Q in a private "
        "one), or "
        "the workspace is no longer authorized"
        for channel in channels
        if not channel.off
    ]
