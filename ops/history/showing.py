"""``python -m ops history show``: what the archive has, without AWS."""

import argparse
from collections import defaultdict

from history.archive import Archive
from history.day import BadFileError
from history.inventory import MetricInventory, take_inventory
from history.metric import ArchivedMetric
from history.place import opened_archive
from history.wanted import wanted_metrics
from ops.history.screen import FetchScreen
from ops.terminal import ExitCode, complain, print_json


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    archive = opened_archive(arguments.stack, arguments.archive, "history show")
    if archive is None:
        return ExitCode.REFUSED
    screen = FetchScreen(is_json=arguments.json)
    bad = ""
    try:
        readers = _readers(archive)
    except BadFileError as error:
        bad, readers = str(error), {}
    with screen.busy("reading the archive"):
        inventories = [
            take_inventory(archive, metric, readers.get(metric, ()))
            for metric in dict.fromkeys([*readers, *archive.metrics()])
        ]
    if arguments.json:
        print_json(_as_json(archive, inventories))
    else:
        screen.inventory(inventories)
    if bad:
        complain(f"history show: {bad}: fetching writes it anew")
    return (
        ExitCode.ATTENTION
        if bad or any(inventory.bad for inventory in inventories)
        else ExitCode.DONE
    )


def _readers(archive: Archive) -> dict[ArchivedMetric, list[str]]:
    """The addresses of the alarms that read each metric."""
    readers: dict[ArchivedMetric, list[str]] = defaultdict(list)
    for wanted in wanted_metrics(archive.alarms())[0]:
        readers[wanted.metric] += wanted.alarms
    return dict(readers)


def _as_json(archive: Archive, inventories: list[MetricInventory]) -> dict[str, object]:
    return {
        "archive": str(archive.root),
        "metrics": [inventory.as_json() for inventory in inventories],
    }
