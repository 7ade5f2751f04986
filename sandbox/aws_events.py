"""Plays a scenario's events: which deployed rules take them, and what they send.

The emulator's bus delivers to queues, not to topics. So the rules and targets are read back from
it, and matched and transformed here, by the documented rules of both.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ecs_monitoring.eventbridge.pattern import matches
from ecs_monitoring.eventbridge.transformer import InputTransformer, TransformerError
from ecs_monitoring.words import iso
from sandbox.clients import Clients
from sandbox.deployed import Deployed
from sandbox.recorded_events import FOREIGN, named_targets, recorded_events
from sandbox.scenario import Scenario, ScenarioError
from sandbox.scenario_steps import AwsEvent
from sandbox.simulate import moment
from sandbox.tags import EVENTS


@dataclass(frozen=True, kw_only=True)
class DeployedRule:
    """A rule of EventBridge, read back.

    Attributes:
        key: of the event that it tells of, as tagged.
        severity: as tagged.
        targets_named: the targets that it is for, as its description names them.
        pattern: what it takes.
        is_on: whether it is enabled.
        targets: the ARN of each topic to what it is sent.
    """

    key: str
    severity: str
    targets_named: tuple[str, ...]
    pattern: Mapping[str, Any]
    is_on: bool
    targets: Mapping[str, InputTransformer]


@dataclass(frozen=True, kw_only=True)
class SentEvent:
    """What one rule made of one event.

    Attributes:
        minute: minutes since the scenario's start.
        moment: the event's own time, in seconds since 1970.
        happened: what the scenario says of the event.
        target: the target that it is about; empty for the stack itself.
        rule: the rule that took it.
        messages: the ARN of each topic to the message.
        fault: why there is no message; empty where there is.
    """

    minute: int
    moment: int
    happened: AwsEvent
    target: str
    rule: DeployedRule
    messages: Mapping[str, str]
    fault: str = ""

    @property
    def time(self) -> str:
        """The event's own time as the event has it."""
        return iso(self.moment)


@dataclass(frozen=True)
class Played:
    """A scenario's events.

    Attributes:
        sent: what rules sent, in the order of time.
        faults: who was not told and must be, or was and must not.
        skipped: keys of events for which the stack has no rule or no target.
    """

    sent: tuple[SentEvent, ...] = ()
    faults: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


def read_rules(clients: Clients, regions: Iterable[str]) -> list[DeployedRule]:
    """Every rule that is tagged as one of this project's, with its targets."""
    rules = []
    for region in regions:
        events = clients.client("events", region)
        for rule in events.list_rules()["Rules"]:
            tags = EVENTS.of(events, rule["Arn"])
            if "EventKey" not in tags:
                continue
            targets = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
            rules.append(
                DeployedRule(
                    key=tags["EventKey"],
                    severity=tags["Severity"],
                    targets_named=tuple(rule["Description"].rpartition(": ")[2].split(", ")),
                    pattern=json.loads(rule["EventPattern"]),
                    is_on=rule["State"] == "ENABLED",
                    targets={
                        target["Arn"]: InputTransformer(
                            target["InputTransformer"]["InputPathsMap"],
                            target["InputTransformer"]["InputTemplate"],
                        )
                        for target in targets
                    },
                )
            )
    return rules


def play_events(
    deployed: Deployed, rules: Iterable[DeployedRule], scenario: Scenario, region: str
) -> Played:
    """Let a scenario's events happen to each target that they can be about.

    Raises:
        ScenarioError: an event that is not recorded.
    """
    rules = list(rules)
    sent: list[SentEvent] = []
    faults: list[str] = []
    skipped: list[str] = []
    all_events = recorded_events() if scenario.events else {}
    told = {rule.key for rule in rules}
    for happened in sorted(scenario.events, key=lambda event: event.at):
        if happened.recorded not in all_events:
            raise ScenarioError(
                f"event {happened.recorded!r} is not recorded: write one of {', '.join(all_events)}"
            )
        recorded = all_events[happened.recorded]
        targets = named_targets(deployed, recorded.kind, region)
        skipped += [key for key in happened.notifies if key not in told or not targets]
        time = int(moment(scenario, happened.at).timestamp())
        for target in targets:
            names = {**target.names, **(FOREIGN if happened.foreign else {})}
            event = recorded.about(names, iso(time))
            taken = [rule for rule in rules if rule.is_on and matches(rule.pattern, event)]
            # A target may be left out of a rule: Aurora's storage, for one, is never full.
            keys = {r.key for r in rules if not target.target or target.target in r.targets_named}
            sent += [_sent(happened, target.target, rule, event, time) for rule in taken]
            faults += _faults(happened, target.target, [rule.key for rule in taken], keys)
    faults += [message.fault for message in sent if message.fault]
    return Played(tuple(sent), tuple(faults), tuple(dict.fromkeys(skipped)))


def _sent(
    happened: AwsEvent, target: str, rule: DeployedRule, event: Mapping[str, Any], time: int
) -> SentEvent:
    messages = {}
    fault = ""
    for topic, transformer in rule.targets.items():
        try:
            messages[topic] = transformer.of(event)
        except TransformerError as error:
            fault = f"{rule.key}@{target}: {error}"
    return SentEvent(
        minute=happened.at,
        moment=time,
        happened=happened,
        target=target,
        rule=rule,
        messages=messages,
        fault=fault,
    )


def _faults(happened: AwsEvent, target: str, taken: list[str], keys: set[str]) -> list[str]:
    """Who was not told of an event and must be, or was and must not."""
    what = f"{happened.recorded} of {target or 'the account'} at minute {happened.at}"
    wanted = [key for key in happened.notifies if key in keys]
    missed = [f"{what}: {key} told nobody" for key in wanted if key not in taken]
    unexpected = [
        f"{what}: {key} told of it, and nobody expected it" for key in taken if key not in wanted
    ]
    twice = [
        f"{what}: {key} told of it twice"
        for key in sorted({k for k in taken if taken.count(k) > 1})
    ]
    return [*missed, *unexpected, *twice]
