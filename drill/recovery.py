"""Finds what a drill left that was killed, and puts it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from account.account import AWS_ERRORS, Account, Region, error_code
from account.alarms import LiveAlarm
from account.reading import read_topic
from account.stack import StackPlace, find_alarms
from account.topics import QUEUE_PREFIX, Subscription
from drill.cleanup import Interruptions, Leftover, undone
from drill.inbox import delete_queue, delete_queue_command
from drill.mark import FoundMark, found_mark
from drill.states import set_back
from ecs_monitoring.cloudwatch.alarm import AlarmState


@dataclass(frozen=True, kw_only=True)
class LeftAlarm:
    """An alarm that is in ALARM since a drill.

    Attributes:
        region: where it is.
        alarm: the alarm.
        mark: what the drill wrote on it.
    """

    region: Region
    alarm: LiveAlarm
    mark: FoundMark


@dataclass(frozen=True, kw_only=True)
class LeftQueue:
    """A drill's queue that nobody reads any more.

    Attributes:
        region: where it is.
        name: its name.
        subscriptions: by which the stack's topics still send to it.
    """

    region: Region
    name: str
    subscriptions: tuple[Subscription, ...]


@dataclass(frozen=True, kw_only=True)
class Remains:
    """What a drill left, as AWS tells it.

    Attributes:
        alarms: those that are in ALARM since.
        queues: those that the stack's topics still send to, and those of the alarms' drills.
    """

    alarms: tuple[LeftAlarm, ...]
    queues: tuple[LeftQueue, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was left."""
        return not (self.alarms or self.queues)

    def in_words(self) -> list[str]:
        """What is left, a line each."""
        return [
            *(
                f"{left.alarm.name} is in ALARM since drill {left.mark.run}; "
                f"it was {left.mark.before}"
                for left in self.alarms
            ),
            *(
                f"queue {queue.name} in {queue.region.name}, subscribed to "
                f"{len(queue.subscriptions)} of the stack's topics"
                for queue in self.queues
            ),
        ]


def find_remains(account: Account, place: StackPlace) -> Remains:
    """Look for what a drill of a stack left; only reads.

    Queues are found by the topics that the stack's alarms tell, and by the marks on its alarms:
    a drill of another stack in the account is none of this one's business.

    Raises:
        botocore.exceptions.ClientError: AWS refuses to tell.
        botocore.exceptions.BotoCoreError: AWS cannot be reached.
    """
    caller = account.caller(place.first_region)
    by_region, _ = find_alarms(account, caller, place)
    alarms: list[LeftAlarm] = []
    queues: list[LeftQueue] = []
    for region, of in by_region:
        marked = [
            LeftAlarm(region=region, alarm=alarm, mark=mark)
            for alarm in of.alarms
            if alarm.state is AlarmState.ALARM and (mark := found_mark(alarm.state_reason))
        ]
        alarms += marked
        queues += _queues(region, of.alarms, marked)
    return Remains(alarms=tuple(alarms), queues=tuple(queues))


def _queues(
    region: Region, alarms: Sequence[LiveAlarm], marked: Sequence[LeftAlarm]
) -> list[LeftQueue]:
    by_name: dict[str, list[Subscription]] = {}
    for arn in sorted({arn for alarm in alarms for arn in alarm.topics}):
        for subscription in read_topic(region, arn).subscriptions or ():
            name = subscription.endpoint.rpartition(":")[2]
            if subscription.protocol == "sqs" and name.startswith(QUEUE_PREFIX):
                by_name.setdefault(name, []).append(subscription)
    for left in marked:
        name = f"{QUEUE_PREFIX}{left.mark.run}"
        if name not in by_name and _exists(region, name):
            by_name[name] = []
    return [
        LeftQueue(region=region, name=name, subscriptions=tuple(subscriptions))
        for name, subscriptions in by_name.items()
    ]


def _exists(region: Region, queue: str) -> bool:
    try:
        region.sqs.get_queue_url(QueueName=queue)
    except AWS_ERRORS as error:
        if "NonExistentQueue" in error_code(error):
            return False
        raise
    return True


def put_back(remains: Remains, interruptions: Interruptions) -> list[Leftover]:
    """Put everything back; whatever cannot be is told, and keeps nothing else from it."""
    left: list[Leftover] = []
    for alarm in remains.alarms:
        left += _set_back(alarm, interruptions)
    for queue in remains.queues:
        for subscription in queue.subscriptions:
            left += undone(
                partial(queue.region.sns.unsubscribe, SubscriptionArn=subscription.arn),
                what=f"queue {queue.name} is still subscribed",
                command=queue.region.command(
                    "sns", "unsubscribe", "--subscription-arn", subscription.arn
                ),
                interruptions=interruptions,
            )
        left += undone(
            partial(delete_queue, queue.region, queue.name),
            what=f"queue {queue.name} still exists",
            command=delete_queue_command(queue.region, queue.name),
            interruptions=interruptions,
        )
    return left


def _set_back(left: LeftAlarm, interruptions: Interruptions) -> list[Leftover]:
    state = left.mark.before
    return set_back(
        left.region,
        left.alarm.name,
        state=state,
        reason=f"Drill {left.mark.run} was cut off: back to {state} as before.",
        what=f"alarm {left.alarm.name} is still in ALARM because of drill {left.mark.run}",
        interruptions=interruptions,
    )
