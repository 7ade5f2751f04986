"""``python -m ops mute``: arguments, confirmation, exit codes."""

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from account.account import AWS_ERRORS, Account, Caller, Region
from account.alarms import LiveAlarm, NoSuchAlarmError, chosen
from account.mute_rules import CURRENT, find_mute_rules, has_mute_rules
from account.stack import StackPlace, find_alarms, refuse_none
from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules import KINDS
from ecs_monitoring.rules.mute import Muted
from ecs_monitoring.words import counted, iso, listed
from ops.arguments import add_account
from ops.mute.rules import FoundRule, MadeInPartError, make, new_id, of_stack
from ops.mute.screen import MuteScreen
from ops.mute.window import hand_window
from ops.terminal import ExitCode, complain, print_json
from stack.config import read_stack_config

DESCRIPTION: Final = (
    "Have the stack's alarms tell nobody for a while: for a deployment, or for maintenance. They "
    "go on changing their state. What goes off meanwhile and is still on at the end tells then. "
    "Shows what would be muted, and asks first. Windows that come again and again stand in the "
    "settings: alerts.mutes."
)
"""The command's help."""

EPILOG: Final = """\
exit codes: 0 done; 1 not every rule could be made or ended; 2 refused, nothing changed

examples:
  python -m ops mute prod --for 1h --reason "release 4.2"
  python -m ops mute prod --for 2h --reason "storage upgrade" --kind rds --target main
  python -m ops mute prod --for 4h --at 2027-01-31T22:00 --timezone Asia/Tokyo --reason "new switch"
  python -m ops mute prod --list
  python -m ops mute prod --end 20270131T2158-1f3a"""
"""The end of the command's help."""

AlarmsByRegion = Sequence[tuple[Region, Sequence[LiveAlarm]]]
"""The stack's alarms by region."""


class MuteRefusedError(Exception):
    """Nothing was changed; the message says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("stack", help="the stack, such as prod: reads Pulumi.<stack>.yaml")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--for",
        metavar="DURATION",
        dest="duration",
        help="mute from the next minute on, for 1m to 15d, such as 90m, 2h or 1d12h",
    )
    what.add_argument(
        "--list", action="store_true", dest="is_list", help="what mutes the stack, now or later"
    )
    what.add_argument(
        "--end",
        metavar="NAME",
        help="end a mute, as --for and --list name it; alarms that are on notify at once",
    )
    parser.add_argument("--reason", help="with --for: why, for whoever finds the alarms silent")
    parser.add_argument(
        "--at",
        metavar="TIME",
        help="with --for: begin then, such as 2027-01-31T22:00, and not with the next minute",
    )
    parser.add_argument(
        "--timezone", default="UTC", help="of --at, such as Asia/Tokyo (default: UTC)"
    )
    parser.add_argument(
        "--severity", choices=[severity.value for severity in Severity], help="only these alarms"
    )
    parser.add_argument(
        "--kind", choices=[kind.key for kind in KINDS], help="only alarms of this kind of target"
    )
    parser.add_argument("--target", metavar="NAME", help="only alarms of targets of this name")
    parser.add_argument(
        "--alarm",
        metavar="KEY[@TARGET]",
        action="append",
        default=[],
        dest="alarms",
        help="only these, such as ecs.cpu-high@web; may be given several times",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask, for scripts")
    parser.add_argument("--json", action="store_true", help="the result as JSON, for scripts")
    add_account(parser)


def main(
    arguments: argparse.Namespace,
    *,
    opened: Callable[[str | None, str | None], Account] = Account.opened,
    clock: Callable[[], float] = time.time,
) -> int:
    """Run the command; returns the exit code.

    Args:
        arguments: what ``add_arguments`` declares.
        opened: opens an account by profile and endpoint.
        clock: seconds since 1970 UTC.

    Raises:
        StackConfigError: no such stack.
    """
    place = StackPlace.of(read_stack_config(arguments.stack), arguments.regions)
    screen = MuteScreen(is_json=arguments.json)
    try:
        _refuse_leftover_words(arguments)
        account = opened(arguments.profile, arguments.endpoint_url)
        caller = account.caller(place.first_region)
        by_region = _alarms(account, caller, place, screen)
        if arguments.is_list:
            return _list(arguments, place, by_region, screen, int(clock()))
        if arguments.end:
            return _end(arguments, place, by_region, screen, int(clock()))
        return _mute(arguments, place, caller, by_region, screen, clock())
    except (MuteRefusedError, NoSuchAlarmError, *AWS_ERRORS) as error:
        complain(f"mute: {error}\nNothing was changed.")
        return ExitCode.REFUSED
    except MadeInPartError as error:
        complain(f"mute: {error}")
        return ExitCode.ATTENTION


def _refuse_leftover_words(arguments: argparse.Namespace) -> None:
    given = {
        "--reason": arguments.reason,
        "--at": arguments.at,
        "--severity": arguments.severity,
        "--kind": arguments.kind,
        "--target": arguments.target,
        "--alarm": arguments.alarms,
    }
    words = [word for word, value in given.items() if value]
    if words and not arguments.duration:
        raise MuteRefusedError(f"{', '.join(words)}: only with --for")
    if arguments.duration and not (arguments.reason or "").strip():
        raise MuteRefusedError("--reason is missing: say why, for whoever finds the alarms silent")


def _alarms(
    account: Account, caller: Caller, place: StackPlace, screen: MuteScreen
) -> AlarmsByRegion:
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


def _mute(
    arguments: argparse.Namespace,
    place: StackPlace,
    caller: Caller,
    by_region: AlarmsByRegion,
    screen: MuteScreen,
    now: float,
) -> int:
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
                "rules": [{"region": rule.region, "name": rule.name} for rule in made],
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


def _list(
    arguments: argparse.Namespace,
    place: StackPlace,
    by_region: AlarmsByRegion,
    screen: MuteScreen,
    now: int,
) -> int:
    rules = _rules(place, by_region)
    screen.rules(place, rules, now)
    if arguments.json:
        print_json([_as_json(muting, now) for muting in rules])
    return ExitCode.DONE


def _end(
    arguments: argparse.Namespace,
    place: StackPlace,
    by_region: AlarmsByRegion,
    screen: MuteScreen,
    now: int,
) -> int:
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
