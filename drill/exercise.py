"""Sets alarms off, a few at a time, waits for their notifications, and sets them back."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from account.account import AWS_ERRORS, Region
from account.alarms import LiveAlarm
from account.composites import Composites
from account.reading import read_again
from account.topics import Topic
from drill.causes import causes
from drill.cleanup import Interruptions, Leftover
from drill.inbox import Inbox, Notification, temporary_inbox
from drill.mark import DrillMark
from drill.outcome import AlarmOutcome, Result, without_delivery
from drill.plan import batches, reason_to_leave_alone
from drill.states import AlarmStates

BATCH: Final = 10
"""Alarms that are set off at a time, so that neither topics nor readers are flooded."""

SETTLE: Final = 5.0
"""Seconds between subscribing a queue and relying on it; AWS waits as long in its own example:
https://aws.amazon.com/blogs/developer/subscribing-an-sqs-queue-to-an-sns-topic/
"""

_SHORTEST_LOOK: Final = 1.0
"""Seconds: without waiting at all, SQS asks only some of its servers for messages.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
"""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How fast a drill goes.

    Attributes:
        timeout: seconds to wait for a notification, from the last alarm of a batch on.
        settle: seconds to wait for the subscriptions to work.
        clock: seconds that never go back.
        sleep: waits that many seconds.
    """

    timeout: float
    settle: float = SETTLE
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass
class _Awaited:
    """An alarm that was set off."""

    alarm: LiveAlarm
    set_off: float
    since: datetime
    latencies: dict[str, float | None]
    deaf: dict[str, str] = field(default_factory=dict)

    @property
    def is_heard(self) -> bool:
        """Whether nothing more can arrive."""
        return all(
            seconds is not None or topic in self.deaf for topic, seconds in self.latencies.items()
        )

    @property
    def is_delivered(self) -> bool:
        """Whether it arrived through every topic."""
        return None not in self.latencies.values()


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """The drill of one region's alarms.

    Attributes:
        region: where the alarms are.
        mark: what to write on them.
        pace: how fast.
        topics: ARN to topic, for each topic that they tell.
        composites: every composite alarm of the region.
        interruptions: interrupt the waiting, and nothing else.
        leftovers: grows by what could not be put back.
        told: is called with each alarm's outcome as soon as there is one.
        said: is told in words what is being waited for.
    """

    region: Region
    mark: DrillMark
    pace: Pace
    topics: Mapping[str, Topic]
    composites: Composites
    interruptions: Interruptions
    leftovers: list[Leftover]
    told: Callable[[AlarmOutcome], None]
    said: Callable[[str], None]

    def run(self, alarms: Sequence[LiveAlarm]) -> None:
        """Drill the alarms; whatever happens, states and queues are as before afterwards.

        Raises:
            botocore.exceptions.ClientError: AWS refuses a queue, or to read from it.
            botocore.exceptions.BotoCoreError: AWS cannot be reached.
            KeyboardInterrupt: somebody interrupts.
        """
        if not alarms:
            return
        told = sorted({arn for alarm in alarms for arn in alarm.topics if self._exists(arn)})
        with (
            temporary_inbox(
                self.region,
                self.mark.queue,
                told,
                interruptions=self.interruptions,
                leftovers=self.leftovers,
            ) as inbox,
            AlarmStates(
                self.region,
                self.mark,
                interruptions=self.interruptions,
                leftovers=self.leftovers,
            ) as states,
        ):
            self.said(f"queue {self.mark.queue} listens in {self.region.name} …")
            with self.interruptions.waiting():
                self.pace.sleep(self.pace.settle)
            for batch in batches(alarms, self.composites, BATCH):
                self._batch(inbox, states, batch)

    def _batch(self, inbox: Inbox, states: AlarmStates, alarms: Sequence[LiveAlarm]) -> None:
        # Minutes may have passed since the alarms were read.
        with self.interruptions.waiting():
            now = read_again(self.region, alarms)
        awaited: dict[str, _Awaited] = {}
        for alarm in alarms:
            if alarm.name in now:
                waiting = self._set_off(inbox, states, now[alarm.name])
                if waiting is not None:
                    awaited[alarm.arn] = waiting
            else:
                self.told(without_delivery(alarm, Result.NOT_DRILLED, "it no longer exists"))
        if awaited:
            longest = max(_wait(waiting.alarm) for waiting in awaited.values()) + self.pace.timeout
            self.said(f"{len(awaited)} in ALARM; waiting {longest:g} s at most …")
        self._collect(inbox, states, awaited)
        states.set_back([waiting.alarm for waiting in awaited.values()])
        for waiting in awaited.values():
            self.told(self._silent(waiting))

    def _set_off(self, inbox: Inbox, states: AlarmStates, alarm: LiveAlarm) -> _Awaited | None:
        deaf = {arn: self._deafness(inbox, arn) for arn in alarm.topics}
        deaf = {arn: reason for arn, reason in deaf.items() if reason}
        reason = reason_to_leave_alone(alarm, self.topics, self.composites)
        if not reason and len(deaf) == len(set(alarm.topics)):
            reason = "; ".join(deaf.values())
        since, started = datetime.now(UTC), self.pace.clock()
        if not reason:
            try:
                states.set_off(alarm)
            except AWS_ERRORS as error:
                states.set_back([alarm])
                reason = f"it could not be set to ALARM: {error}"
        if reason:
            self.told(without_delivery(alarm, Result.NOT_DRILLED, reason))
            return None
        return _Awaited(alarm, started, since, dict.fromkeys(alarm.topics), deaf)

    def _collect(self, inbox: Inbox, states: AlarmStates, awaited: dict[str, _Awaited]) -> None:
        """Receive until all were heard or the time is over; takes out what was delivered.

        What has arrived is read however late it is by then: setting alarms off may have taken all
        the time there was.
        """
        open_ = dict(awaited)
        may_be_more = True
        while open_:
            deadline = max(waiting.set_off + _wait(waiting.alarm) for waiting in open_.values())
            deadline += self.pace.timeout
            remaining = deadline - self.pace.clock()
            if remaining <= 0 and not may_be_more:
                return
            with self.interruptions.waiting():
                notifications = inbox.receive(max(remaining, _SHORTEST_LOOK))
            may_be_more = any(notification.alarm in open_ for notification in notifications)
            for notification in notifications:
                self._note(notification, open_)
            heard = [waiting for waiting in open_.values() if waiting.is_heard]
            for waiting in heard:
                del open_[waiting.alarm.arn]
                if waiting.is_delivered:
                    del awaited[waiting.alarm.arn]
                    self.told(_delivered(waiting))
            states.set_back([waiting.alarm for waiting in heard])

    def _note(self, notification: Notification, awaited: Mapping[str, _Awaited]) -> None:
        """Match a notification to the alarm that it tells of; others tell of something else."""
        waiting = awaited.get(notification.alarm)
        if (
            waiting is not None
            and self.mark.is_on(notification.reason)
            and waiting.latencies.get(notification.topic, 0.0) is None
        ):
            waiting.latencies[notification.topic] = self.pace.clock() - waiting.set_off

    def _silent(self, waiting: _Awaited) -> AlarmOutcome:
        """The outcome of an alarm of which not every notification arrived, with what is known."""
        reasons = list(waiting.deaf.values())
        silent = [
            arn.rpartition(":")[2]
            for arn, seconds in waiting.latencies.items()
            if seconds is None and arn not in waiting.deaf
        ]
        if silent:
            reasons.append(f"nothing from {', '.join(silent)} within {self.pace.timeout:g} s")
            if self.region.emulator:
                reasons.append(f"{self.region.emulator} is not AWS: emulators carry out no actions")
            else:
                with self.interruptions.waiting():
                    reasons += causes(self.region, waiting.alarm, waiting.since)
        return AlarmOutcome(
            alarm=waiting.alarm,
            result=Result.NOT_DELIVERED,
            latencies=waiting.latencies,
            reason="; ".join(reasons),
        )

    def _deafness(self, inbox: Inbox, topic: str) -> str:
        if not self._exists(topic):
            return f"topic {topic.rpartition(':')[2]} does not exist"
        return inbox.deaf_to.get(topic, "")

    def _exists(self, topic: str) -> bool:
        return topic in self.topics and self.topics[topic].exists


def _wait(alarm: LiveAlarm) -> float:
    """Seconds for which a composite alarm waits for a cause before it acts.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html
    """
    return float(alarm.raw.get("ActionsSuppressorWaitPeriod") or 0)


def _delivered(waiting: _Awaited) -> AlarmOutcome:
    return AlarmOutcome(alarm=waiting.alarm, result=Result.DELIVERED, latencies=waiting.latencies)
