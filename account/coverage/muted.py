"""Alarms of the stack that would go off and notify nobody."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from account.coverage.finding import Finding, FindingKind, Gravity
from account.coverage.view import RegionView
from account.mute_rules import MuteRule, hand_id, settings_window
from account.obstacles import Obstacle, ObstacleKind, obstacles
from ecs_monitoring.words import capitalized, iso, listed

_FIXES: Final = {
    ObstacleKind.SUBSCRIPTION_PENDING: (
        "Confirm it by the link in the mail; where SNS has dropped it, deploy the stack to have "
        "another one sent."
    ),
    ObstacleKind.NO_SUBSCRIBERS: (
        "Name a subscriber under alerts in {file}, and deploy the stack."
    ),
    ObstacleKind.TOPIC_GONE: "Deploy the stack, which makes the topic again.",
    ObstacleKind.TOPIC_POLICY: "Deploy the stack, or let CloudWatch in by the topic's policy.",
    ObstacleKind.KEY_MANAGED_BY_AWS: (
        "Have encryption: true under alerts in {file}, or give the topic a customer-managed key."
    ),
    ObstacleKind.KEY_STATE: "Enable the key, or cancel its deletion.",
    ObstacleKind.KEY_POLICY: "Deploy the stack, or let CloudWatch in by the key's policy.",
    ObstacleKind.ACTIONS_DISABLED: "aws cloudwatch enable-alarm-actions --alarm-names {names}",
    ObstacleKind.NO_ACTIONS: "Deploy the stack.",
    ObstacleKind.CHANNEL_OFF: "Have the organization's chat policy allow the channel.",
    ObstacleKind.SEVERITY: "Deploy the stack, which has each alarm tell its severity's topic.",
}

# What is the same of several alarms is said once of all of them.
_TOGETHER: Final = {
    ObstacleKind.ACTIONS_DISABLED: "the actions are disabled, and nobody is told",
    ObstacleKind.NO_ACTIONS: "no topic is told when the alarm goes off",
}

# Somebody is notified of these, though not everybody, or not whoever should.
_HEARD: Final = (ObstacleKind.SUBSCRIPTION_PENDING, ObstacleKind.SEVERITY)


def muted(view: RegionView) -> Iterator[Finding]:
    """What is in the way of the notifications, as before a drill, and active mute rules.

    Args:
        view: the region.
    """
    together: dict[tuple[ObstacleKind, str], list[Obstacle]] = defaultdict(list)
    for obstacle in obstacles(view.alarms, view.topics):
        if obstacle.kind is not ObstacleKind.NOT_CHECKED:
            subject = "" if obstacle.kind in _TOGETHER else obstacle.subject
            together[obstacle.kind, subject].append(obstacle)
    for (kind, _), same in together.items():
        yield _finding(view, kind, same)
    for rule in view.mute_rules:
        yield from _by_rule(view, rule)


def unchecked(view: RegionView) -> list[str]:
    """What of the topics could not be looked at, in words."""
    in_the_way = obstacles(view.alarms, view.topics)
    messages = (
        obstacle.message for obstacle in in_the_way if obstacle.kind is ObstacleKind.NOT_CHECKED
    )
    return [f"{view.region}: {message}" for message in dict.fromkeys(messages)]


def _finding(view: RegionView, kind: ObstacleKind, same: Sequence[Obstacle]) -> Finding:
    alarms = tuple(dict.fromkeys(alarm for obstacle in same for alarm in obstacle.alarms))
    if kind in _TOGETHER:
        key, subject = f"{kind}", listed(alarms)
        words = f"{subject}: {_TOGETHER[kind]}."
    else:
        key, subject = f"{kind}:{same[0].subject}", same[0].subject.rpartition(":")[2]
        words = " ".join(f"{_begun(obstacle)}." for obstacle in same)
    names = " ".join(obstacle.subject.partition(":alarm:")[2] for obstacle in same)
    return Finding(
        kind=FindingKind.MUTED,
        gravity=Gravity.MEDIUM
        if kind in _HEARD
        else Gravity.of(alarm for alarm in view.alarms if alarm.address in alarms),
        region=view.region,
        key=key,
        subject=subject,
        words=words,
        fix=_FIXES[kind].format(file=view.settings_file, names=names),
        alarms=alarms,
    )


def _begun(obstacle: Obstacle) -> str:
    """The message as the beginning of a sentence; an alarm's address stays as it is."""
    message = obstacle.message
    return message if message.startswith(obstacle.alarms) else capitalized(message)


def _by_rule(view: RegionView, rule: MuteRule) -> Iterator[Finding]:
    """An active rule that the settings do not know of."""
    alarms = tuple(alarm.address for alarm in view.alarms if alarm.name in rule.alarms)
    if not alarms or settings_window(view.place, rule.name):
        return
    window = rule.window(int(view.now.timestamp()))
    ends = f"until {iso(window.end)}" if window else f"{rule.schedule}, for {rule.duration}"
    again = f", each time {rule.schedule} comes" if rule.schedule.startswith("cron") else ""
    last = f", until {rule.expires:%Y-%m-%d}" if again and rule.expires else ""
    by_hand = hand_id(view.place, rule.name)
    yield Finding(
        kind=FindingKind.MUTED,
        gravity=Gravity.MEDIUM,
        region=view.region,
        key=f"mute-rule:{rule.name}",
        subject=f"alarm mute rule {rule.name}",
        words=(
            f"Alarm mute rule {rule.name} keeps {listed(alarms)} silent at the moment, "
            f"{ends}{again}{last}."
        ),
        fix=(
            f"python -m ops mute {view.place.stack} --end {by_hand}, unless the silence is meant."
            if by_hand
            else "Delete the rule in CloudWatch, or shorten it, unless the silence is meant."
        ),
        alarms=alarms,
    )
