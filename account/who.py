"""Who is told of what: people and channels, what reaches each, and what reaches nobody.

Read from what the program registers, so that it is what a deployment brings about.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from account.topics import Subscription
from account.verify.planned import CHANNELS, PlannedChannel
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.endpoint import EndpointKind
from ecs_monitoring.cloudwatch.rule import Severity
from stack.definitions import ALARM
from stack.events import EVENT_TARGET, event_previews
from stack.incidents import COMPOSITE
from stack.preview import Preview
from stack.program import ProgramRun, Registration
from stack.resource_types import SCHEDULE, SUBSCRIPTION, TOPIC

_CHAT: Final = (EndpointKind.SLACK, EndpointKind.TEAMS)
"""Chat channels, in which a plain text such as the reminder is not shown:
https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
"""

_KINDS: Final = {kind.protocol: kind for kind in EndpointKind if kind.protocol}


@dataclass(frozen=True, kw_only=True)
class Message:
    """Something that a topic is told of.

    Attributes:
        sort: ``alarm``, ``incident``, ``event`` or ``reminder``.
        name: an alarm's address, an event's key, or what the reminder is called.
        muted: the windows in which it tells nobody, in words.
    """

    sort: str
    name: str
    muted: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """A person, a channel or a system that is told.

    Attributes:
        kind: how.
        address: as it may be shown: of a webhook the host alone.
        told: severity of the topic (empty where nobody knows it) to what it is told of.
    """

    kind: EndpointKind
    address: str
    told: Mapping[str, tuple[Message, ...]]

    @property
    def messages(self) -> tuple[Message, ...]:
        """Everything that it is told of, once."""
        return tuple(dict.fromkeys(message for of in self.told.values() for message in of))

    @property
    def muted(self) -> dict[str, tuple[Message, ...]]:
        """Window to what it keeps from the receiver."""
        kept: dict[str, list[Message]] = defaultdict(list)
        for message in self.messages:
            for window in message.muted:
                kept[window].append(message)
        return {window: tuple(of) for window, of in kept.items()}


@dataclass(frozen=True, kw_only=True)
class Who:
    """Who is told of what.

    Attributes:
        receivers: by kind, then by address.
        unheard: what never reaches anybody, with the names of the topics that have no reader.
    """

    receivers: tuple[Receiver, ...]
    unheard: Mapping[Message, tuple[str, ...]]

    def as_json(self) -> dict[str, Any]:
        """Everything for scripts."""
        return {
            "receivers": [
                {
                    "kind": receiver.kind,
                    "address": receiver.address,
                    "told": {
                        severity or "unknown": [_as_json(message) for message in messages]
                        for severity, messages in receiver.told.items()
                    },
                }
                for receiver in self.receivers
            ],
            "unheard": [
                {**_as_json(message), "topics": list(topics)}
                for message, topics in self.unheard.items()
            ],
        }


def who_is_told(preview: Preview) -> Who:
    """Who is told of what, once a preview is deployed."""
    run = preview.run
    topics = {topic.arn: topic for topic in run.of_type(TOPIC)}
    messages = _messages(preview)
    readers = _readers(run)
    # Topics of others: who reads them, only they know.
    for arn in messages:
        if arn not in topics:
            readers[arn].append((EndpointKind.TOPIC, arn))
    told: dict[tuple[EndpointKind, str], dict[str, dict[Message, None]]] = {}
    heard: set[Message] = set()
    for arn, of_topic in messages.items():
        severity = _severity(topics[arn].name if arn in topics else arn)
        for kind, address in readers[arn]:
            shown = [
                told_of
                for told_of in of_topic
                if not (kind in _CHAT and told_of.sort == "reminder")
            ]
            by_severity = told.setdefault((kind, address), {})
            by_severity.setdefault(severity, {}).update(dict.fromkeys(shown))
            heard.update(shown)
    unheard: dict[Message, list[str]] = defaultdict(list)
    for arn, of_topic in messages.items():
        for message in of_topic:
            if message not in heard:
                unheard[message].append(arn.rpartition(":")[2])
    order = list(EndpointKind)
    return Who(
        receivers=tuple(
            Receiver(
                kind=kind,
                address=address,
                told={severity: tuple(of) for severity, of in _by_severity(by_severity)},
            )
            for (kind, address), by_severity in sorted(
                told.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
            )
        ),
        unheard={
            **{message: tuple(names) for message, names in unheard.items()},
            **{message: () for message, arns in _alarms(preview) if not arns},
        },
    )


def _by_severity(told: Mapping[str, Mapping[Message, None]]) -> Iterator[tuple[str, list[Message]]]:
    """The gravest first, each one's messages by name."""
    for severity in (*Severity, ""):
        if severity in told:
            yield severity, sorted(told[severity], key=lambda message: (message.sort, message.name))


def _severity(name: str) -> str:
    """What the name of a topic ends with; empty for another's topic that says none."""
    ending = name.rpartition("-")[2]
    return ending if ending in list(Severity) else ""


def _messages(preview: Preview) -> dict[str, list[Message]]:
    """Topic's ARN to what it is told of."""
    by_topic: dict[str, list[Message]] = defaultdict(list)
    for message, arns in _alarms(preview):
        for arn in arns:
            by_topic[arn].append(message)
    for made in preview.run.of_type(SCHEDULE):
        arn = json.loads(made.inputs["target"]["input"])["TopicArn"]
        by_topic[arn].append(Message(sort="reminder", name=made.name))
    names = _event_names(preview.run)
    for made in preview.run.of_type(EVENT_TARGET):
        place = (made.inputs["rule"], made.inputs.get("region", ""))
        by_topic[made.inputs["arn"]].append(Message(sort="event", name=names[place]))
    return by_topic


def _event_names(run: ProgramRun) -> dict[tuple[str, str], str]:
    """Name and Region of each rule to its event, with the targets where others have other readers.

    A team is told of its own targets alone.
    """
    previews = event_previews(run)
    topics: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for event in previews:
        if not event.region:
            topics[event.key].add(event.topics)
    return {
        (event.name, event.region): f"{event.key} ({event.about})"
        if len(topics[event.key]) > 1
        else event.key
        for event in previews
    }


def _alarms(preview: Preview) -> Iterator[tuple[Message, list[str]]]:
    """Each alarm that tells anybody, or should, with the topics that it tells."""
    windows: dict[str, list[str]] = defaultdict(list)
    for mute in preview.mutes:
        for address in mute.alarms:
            windows[address].append(f"{mute.name}: {mute.schedule}")
    for made in (*preview.run.of_type(ALARM), *preview.run.of_type(COMPOSITE)):
        address = AlarmAddress.from_tags(made.inputs["tags"])
        is_composite = made.type == COMPOSITE
        # A composite alarm without a severity is only there for others to name it.
        if is_composite and not made.inputs["tags"].get("Severity"):
            continue
        sort = "incident" if is_composite else "alarm"
        name = f"{address} ({made.inputs['region']})" if made.inputs.get("region") else str(address)
        muted = tuple(windows.get(address, ()))
        yield (
            Message(sort=sort, name=name, muted=muted),
            list(made.inputs.get("alarmActions") or ()),
        )


def _readers(run: ProgramRun) -> dict[str, list[tuple[EndpointKind, str]]]:
    """Topic's ARN to who reads it: how, and where."""
    readers: dict[str, list[tuple[EndpointKind, str]]] = defaultdict(list)
    for made in run.of_type(SUBSCRIPTION):
        kind = _KINDS[made.inputs["protocol"]]
        readers[made.inputs["topic"]].append((kind, _shown(made, kind)))
    for made in (made for type_ in CHANNELS for made in run.of_type(type_)):
        channel = PlannedChannel.of(made)
        for arn in made.inputs["snsTopicArns"]:
            readers[arn].append((channel.kind, f"{channel.workspace}/{channel.channel}"))
    return readers


def _shown(subscription: Registration, kind: EndpointKind) -> str:
    """A subscriber's address; of a webhook its name and its host, since the rest is a key."""
    endpoint = str(subscription.inputs["endpoint"])
    if kind is not EndpointKind.WEBHOOK:
        return endpoint
    shown = Subscription(arn="", protocol=kind.protocol, endpoint=endpoint).shown
    return f"{subscription.name.rpartition('-https-')[2]} ({shown.partition(' ')[2]})"


def _as_json(message: Message) -> dict[str, Any]:
    return {"sort": message.sort, "name": message.name, "muted": list(message.muted)}
