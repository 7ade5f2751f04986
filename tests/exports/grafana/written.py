"""What was written for Grafana, read back from the files, once each: not to be changed."""

import json
from functools import cache
from typing import Any

import yaml

from exports.grafana.writer import ALERT_RULES, DASHBOARD, SYSTEM
from tests.exports.stacks import monitoring

DATA_SOURCE = "cloudwatch"


@cache
def files(*changes: str, stack: str = "prod") -> dict[str, str]:
    found = monitoring(*changes, stack=stack)
    return dict(SYSTEM.export(found, SYSTEM.everything).files)


@cache
def dashboard(*changes: str, stack: str = "prod") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files(*changes, stack=stack)[DASHBOARD])
    return found


def panels(*changes: str, stack: str = "prod") -> dict[str, dict[str, Any]]:
    """The panels that show data, by title."""
    every = [p for p in dashboard(*changes, stack=stack)["panels"] if p["type"] != "row"]
    found = {panel["title"]: panel for panel in every}
    assert len(found) == len(every)
    return found


@cache
def groups(*changes: str, stack: str = "prod") -> list[dict[str, Any]]:
    document = yaml.safe_load(files(*changes, stack=stack)[ALERT_RULES])
    assert document["apiVersion"] == 1
    found: list[dict[str, Any]] = document["groups"]
    return found


def alert_rules(*changes: str, stack: str = "prod") -> dict[str, dict[str, Any]]:
    """The alert rules by the alarm's address."""
    return {r["labels"]["alarm"]: r for g in groups(*changes, stack=stack) for r in g["rules"]}
