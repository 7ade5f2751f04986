"""Arguments that several commands have."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ecs_monitoring.words import DAY, HOUR
from history.retention import RETENTION

MOST_DAYS: Final = RETENTION[HOUR] // DAY
"""How many days CloudWatch keeps anything."""


def add_account(parser: "argparse._ActionsContainer") -> None:
    """Declare where in AWS a command works: ``--region``, ``--profile``, ``--endpoint-url``."""
    parser.add_argument(
        "--region",
        metavar="REGION",
        action="append",
        default=[],
        dest="regions",
        help="instead of the stack's aws:region (and us-east-1, where outside checks have their "
        "alarms); may be given several times",
    )
    parser.add_argument("--profile", help="of the AWS configuration")
    parser.add_argument(
        "--endpoint-url",
        metavar="URL",
        type=_url,
        help="of an emulator, instead of AWS itself",
    )


def add_alarms(parser: "argparse._ActionsContainer", also: str = "") -> None:
    """Declare which of the stack's alarms a command is about: ``--alarm``.

    Args:
        parser: of the command.
        also: what else may be named, for the command's help.
    """
    parser.add_argument(
        "--alarm",
        metavar="KEY[@TARGET]",
        action="append",
        default=[],
        dest="alarms",
        help=f"only these, such as ecs.cpu-high or ecs.cpu-high@web; {also}may be given several "
        "times",
    )


def add_archive(parser: "argparse._ActionsContainer") -> None:
    """Declare where the archive of a stack's history is: ``--archive``."""
    parser.add_argument(
        "--archive",
        metavar="DIR",
        type=Path,
        help="the archive's folder (default: .history/<stack> in the project's folder)",
    )


def add_changes(parser: "argparse._ActionsContainer") -> None:
    """Declare settings to try: ``--set``."""
    parser.add_argument(
        "--set",
        metavar="PATH=VALUE",
        action="append",
        default=[],
        dest="changes",
        help="try a setting without writing it, such as ecs.web.min_running_tasks=3 or "
        "alarms.ecs.cpu-high.threshold=85; may be given several times",
    )


def add_zone(parser: "argparse._ActionsContainer", meaning: str) -> None:
    """Declare ``--zone``.

    Args:
        parser: of the command.
        meaning: what is of the zone, for the command's help.
    """
    parser.add_argument(
        "--zone",
        type=_zone,
        default=ZoneInfo("UTC"),
        metavar="ZONE",
        help=f"{meaning}, such as Asia/Tokyo (default: UTC)",
    )


def add_page_budget(parser: "argparse._ActionsContainer") -> None:
    """Declare ``--pages-per-month``."""
    parser.add_argument(
        "--pages-per-month",
        type=_pages,
        default=2.0,
        metavar="PAGES",
        help="the page budget of each alarm: firings in 30 days beyond the one that each incident "
        "is worth (default: 2)",
    )


def whole_number(what: str, lowest: int, highest: int) -> Callable[[str], int]:
    """What reads an argument that is a whole number.

    Args:
        what: is counted, such as ``days``.
        lowest: the least that is taken.
        highest: the most.
    """

    def read(text: str) -> int:
        if not (text.isdecimal() and lowest <= int(text) <= highest):
            raise argparse.ArgumentTypeError(f"write whole {what} from {lowest} to {highest}")
        return int(text)

    return read


days: Final = whole_number("days", 1, MOST_DAYS)
"""Reads a number of days back, for as long as CloudWatch keeps anything."""


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise argparse.ArgumentTypeError(
            f"{name}: no such time zone; write one such as Asia/Tokyo"
        ) from None


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError("write a URL, such as http://127.0.0.1:5000")
    return text


def _pages(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("write a number above 0, such as 2 or 0.5")
    return number
