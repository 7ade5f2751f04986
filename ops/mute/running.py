"""Makes, lists and ends mutes: the order of work, and what is asked."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from account.account import AWS_ERRORS, Account, Caller, Region
from account.alarms import LiveAlarm, NoSuchAlarmError, chosen
from account.mute_rules import CURRENT, find_mute_rules, has_mute_rules
from account.mutes_by_hand import FoundRule, hand_window, make, new_id, of_stack
from account.stack import StackPlace, find_alarms, refuse_none
from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.rules.mute import Muted
from ecs_monitoring.words import counted, iso, listed
from ops.mute.screen import MuteScreen
from ops.terminal import ExitCode, complain, print_json

AlarmsByRegion = Sequence[tuple[Region, Sequence[LiveAlarm]]]
"""The stack's alarms by region."""


class MuteRefusedError(Exception):
    """Nothing was changed; the message says why."""


def alarms_by_region(
    account: Account, caller: Caller, place: StackPlace, screen: MuteScreen
) -> AlarmsByRegion:
    """The stack's alarms as AWS has them.

    Raises:
        MuteRefusedError: this boto3 cannot ask for mute rules.
        NoSuchAlarmError: the stack has no alarms there.
        botocore.exceptions.ClientError: AWS refuses to tell.
    """
    by_region, notes = find_alarms(account, caller, place)
    for note in notes:
        screen.say(f"note: {note}")
    refuse_none(caller, place, by_region)
    for region, _ in by_region:
        if not has_mute_rules(region.cloudwatch):
            raise MuteRefusedError(
                "this boto3 knows no mute rules: pip install -U 'boto3>=1.42.56'"
            )
    return [(region, of.alarms) for region, of in by_region]


def mute(
    arguments: argparse.Namespace,
    place: StackPlace,
    caller: Caller,
    by_region: AlarmsByRegion,
    screen: MuteScreen,
    now: float,
) -> int:
    """Mute what is meant, after showing it and asking; returns the exit code.

    Raises:
        MuteRefusedError: a window that cannot be, or no yes.
        NoSuchAlarmError: nothing fits what is meant.
        MadeInPartError: AWS refused one of the rules.
    """
    try:
        window = hand_window(arguments.duration, arguments.at, arguments.timezone, now)
    except ValueError as error:
        raise MuteRefusedError(str(error)) from None
    meant = _meant(arguments, by_region)
    screen.plan(place, caller, meant, window, arguments.reason)
    count = sum(len(alarms) for _, alarms in meant)
    _confirm(arguments, screen, f"Mute {counted(count, 'alarm')}?")
    name = new_id(datetime.fromtimestamp(now, UTC))
    made = make(place, caller, meant, window, id=name, reason=arguments.reason)
    screen.muted(place, name, window)
    if arguments.json:
        print_json(
            {
                "name": name,
                "start": iso(window.window.start),
                "end": iso(window.window.end),
                "reason": arguments.reason,
                "alarms": [alarm.address for _, alarms in meant for alarm in alarms],
                "rules": [{"region": region.name, "name": rule} for region, rule in made],
            }
        )
    return ExitCode.DONE


def _meant(arguments: argparse.Namespace, by_region: AlarmsByRegion) -> AlarmsByRegion:
    """The alarms that are to be muted; regions without any are left out."""
    every = [alarm for _, alarms in by_region for alarm in alarms]
    wanted = Muted(severity=arguments.severity, kind=arguments.kind, target=arguments.target)
    named = chosen(every, arguments.alarms, None)
    meant = [alarm for alarm in named if wanted.takes(alarm.address, alarm.severity)]
    if not meant:
        targets = sorted({alarm.address.target for alarm in named})
        raise NoSuchAlarmError(
            f"the stack has no {wanted} in AWS; the targets of its alarms are {listed(targets)}"
        )
    by_region = [
        (region, [alarm for alarm in meant if alarm.region == region.name])
        for region, _ in by_region
    ]
    return [(region, alarms) for region, alarms in by_region if alarms]


def show(
    arguments: argparse.Namespace,
    place: StackPlace,
    by_region: AlarmsByRegion,
    screen: MuteScreen,
    now: int,
) -> int:
    """Show what mutes the stack, now or later; returns the exit code."""
    rules = _rules(place, by_region)
    screen.rules(place, rules, now)
    if arguments.json:
        print_json([_as_json(muting, now) for muting in rules])
    return ExitCode.DONE


def end(
    arguments: argparse.Namespace,
    place: StackPlace,
    by_region: AlarmsByRegion,
    screen: MuteScreen,
    now: int,
) -> int:
    """End a mute, after showing what that sets off and asking; returns the exit code.

    Raises:
        MuteRefusedError: there is no such mute by hand, or no yes.
    """
    rules = _rules(place, by_region)
    meant = [
        muting for muting in rules if muting.id and arguments.end in (muting.id, muting.rule.name)
    ]
    if not meant:
        _refuse_to_end(arguments.end, rules)
    # All parts of a mute of more than a hundred alarms end together.
    ids = {muting.id for muting in meant}
    meant = [muting for muting in rules if muting.id in ids]
    active = any((window := muting.rule.window(now)) and window.start <= now for muting in meant)
    on = [
        alarm.address
        for muting in meant
        for alarm in muting.alarms
        if active and alarm.state is AlarmState.ALARM
    ]
    screen.ending(meant, on)
    _confirm(arguments, screen, "End it?")
    failed = []
    for muting in meant:
        try:
            muting.region.cloudwatch.delete_alarm_mute_rule(AlarmMuteRuleName=muting.rule.name)
        except AWS_ERRORS as error:
            failed.append(f"{muting.rule.name} could not be deleted: {error}")
    if arguments.json:
        ended = [muting.rule.name for muting in meant]
        print_json({"ended": ended, "in_alarm": list(dict.fromkeys(on)), "failed": failed})
    for failure in failed:
        complain(f"mute: {failure}")
    return ExitCode.ATTENTION if failed else ExitCode.DONE


def _refuse_to_end(name: str, rules: Sequence[FoundRule]) -> None:
    for muting in rules:
        if muting.rule.name == name:
            raise MuteRefusedError(
                f"{name} was not made by hand ({muting.origin}): change it where it was made"
            )
    names = list(dict.fromkeys(muting.id for muting in rules if muting.id))
    hint = f"write one of: {', '.join(names)}" if names else "nothing is muted by hand"
    raise MuteRefusedError(f"no mute by hand is called {name}; {hint}")


def _rules(place: StackPlace, by_region: AlarmsByRegion) -> list[FoundRule]:
    return [
        muting
        for region, alarms in by_region
        for muting in of_stack(
            place, region, list(find_mute_rules(region, statuses=CURRENT)), alarms
        )
    ]


def _as_json(muting: FoundRule, now: int) -> dict[str, Any]:
    window = muting.rule.window(now)
    return {
        "name": muting.id or muting.rule.name,
        "rule": muting.rule.name,
        "region": muting.region.name,
        "origin": muting.origin,
        "status": muting.rule.status,
        "schedule": muting.rule.schedule,
        "duration": muting.rule.duration,
        "timezone": muting.rule.timezone,
        "start": iso(window.start) if window else None,
        "end": iso(window.end) if window else None,
        "alarms": [alarm.address for alarm in muting.alarms],
        "description": muting.rule.description,
    }


def _confirm(arguments: argparse.Namespace, screen: MuteScreen, question: str) -> None:
    if refusal := screen.refusal(question, is_yes=arguments.yes):
        raise MuteRefusedError(refusal)
