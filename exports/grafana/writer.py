"""A stack for Grafana: the dashboard, and by choice alert rules."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from ecs_monitoring.catalog.prices import metric_request_price, metric_request_source
from ecs_monitoring.cloudwatch.graph import Graph
from ecs_monitoring.words import HOUR, counted
from exports.grafana.alert_rules import (
    INTERVAL,
    alert_rule,
    differences,
    judgement,
    provisioning_file,
)
from exports.grafana.dashboard import dashboard, dashboard_uid, panel_id
from exports.grafana.panels import is_link
from exports.grafana.targets import metrics_asked_for
from exports.monitoring import ExportedRule, StackMonitoring
from exports.result import Carried, Export, LeftOut, NotCarriedError, unread
from exports.system import Chosen, ExportError, ExportOption, System
from exports.texts import json_text

DASHBOARD: Final = "dashboard.json"
ALERT_RULES: Final = "alert-rules.yaml"

# Of a month, as AWS's own calculations have it: https://aws.amazon.com/calculator/calculator-assumptions/
_HOURS: Final = 730
# https://github.com/grafana/grafana/blob/main/pkg/util/shortid_generator.go
_UID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")


def write(monitoring: StackMonitoring, chosen: Chosen) -> Export:
    """The export.

    Raises:
        ExportError: alert rules without a data source, or the reverse.
    """
    data_source = _data_source(chosen)
    shown = dashboard(monitoring)
    files = {DASHBOARD: json_text(shown)}
    left_out = unread(monitoring)
    left_out += _never_carried(monitoring)
    carried = [Carried(item=placed.item, file=DASHBOARD) for placed in monitoring.panels]
    notes = list(_dashboard_notes(monitoring, shown))
    if not data_source:
        carried = [Carried(item=r.item, file=DASHBOARD) for r in monitoring.rules] + carried
        notes.append(
            "Alarms are lines on the graphs: CloudWatch still judges them. --alerts writes alert "
            "rules that Grafana judges."
        )
    else:
        rules, judged, refused = _alert_rules(monitoring, data_source)
        files[ALERT_RULES] = provisioning_file(monitoring, rules)
        carried = judged + carried
        left_out += refused
        notes += _alert_notes(rules, [rule.item.name for rule in judged])
    return Export(
        system="grafana",
        monitoring=monitoring,
        files=files,
        carried=tuple(carried),
        left_out=tuple(left_out),
        notes=tuple(notes),
    )


def _data_source(chosen: Chosen) -> str:
    """The uid of the data source of the alert rules; empty for none."""
    uid = str(chosen["data-source"])
    if bool(uid) != bool(chosen["alerts"]):
        raise ExportError(
            "--alerts and --data-source UID belong together: write both, with the uid of Grafana's "
            "CloudWatch data source (its page's address ends with it), or none for the dashboard "
            "alone"
        )
    if uid and not _UID.fullmatch(uid):
        raise ExportError(f"--data-source {uid}: write at most 40 letters, digits, - and _")
    return uid


def _never_carried(monitoring: StackMonitoring) -> Iterator[LeftOut]:
    for composite in monitoring.composites:
        yield LeftOut(
            item=composite.item,
            reason="Grafana has no alert on the states of other alerts, so that each tells by "
            "itself: group them by their label target in a notification policy",
        )
    for log_filter in monitoring.log_filters:
        yield LeftOut(
            item=log_filter.item,
            reason=f"it stays in AWS and makes the metric {log_filter.metric}, which Grafana reads",
        )


def _alert_rules(
    monitoring: StackMonitoring, data_source: str
) -> tuple[list[dict[str, Any]], list[Carried], list[LeftOut]]:
    """The alert rules, what they carry over, and what they cannot."""
    rules: list[dict[str, Any]] = []
    judged: list[Carried] = []
    refused: list[LeftOut] = []
    panels = _panels_of_rules(monitoring)
    uid = dashboard_uid(monitoring)
    for exported in monitoring.rules:
        try:
            rules.append(
                alert_rule(
                    exported,
                    monitoring,
                    data_source=data_source,
                    dashboard_uid=uid,
                    panel_id=panels[exported.rule.address],
                )
            )
        except NotCarriedError as error:
            reason = f"it is drawn on the dashboard, but has no alert rule: {error}"
            refused.append(LeftOut(item=exported.item, reason=reason))
        else:
            judged.append(_judged(exported))
    return rules, judged, refused


def _judged(exported: ExportedRule) -> Carried:
    return Carried(
        item=exported.item,
        file=ALERT_RULES,
        judged=judgement(exported.rule),
        differences=tuple(differences(exported.rule)),
    )


def _panels_of_rules(monitoring: StackMonitoring) -> dict[str, int]:
    """Address of each alarm to the panel that shows it."""
    panels: dict[str, int] = {}
    for exported in monitoring.undrawn:
        panels[exported.rule.address] = panel_id("rule", exported.rule.address)
    for placed in monitoring.panels:
        for threshold in placed.panel.thresholds if isinstance(placed.panel, Graph) else ():
            for exported in monitoring.rules_of(threshold):
                panels.setdefault(exported.rule.address, panel_id("graph", placed.item.name))
    return panels


def _dashboard_notes(monitoring: StackMonitoring, shown: dict[str, Any]) -> Iterator[str]:
    asked = sum(metrics_asked_for(panel.get("targets", [])) for panel in shown["panels"])
    yield (
        f"The dashboard asks for {counted(asked, 'metric')} each time that it is opened or "
        f"refreshed: {_usd(asked * metric_request_price())} where every panel is looked at "
        f"({_price()}). A search asks for each metric that it finds. Tables of log lines are "
        "billed by what they scan."
    )
    paths = sorted({r.rule.runbook.partition("#")[0] for r in monitoring.rules})
    if texts := [path for path in paths if path and not is_link(path)]:
        yield (
            f"Runbooks are no links ({', '.join(texts[:3])}): write the address of the page into "
            "the stack's setting runbooks, and panels and alerts link to it."
        )


def _alert_notes(rules: Iterable[dict[str, Any]], judged: list[str]) -> Iterator[str]:
    asked = sum(_metrics_of(rule) for rule in rules)
    evaluations = _HOURS * HOUR // INTERVAL
    cost = asked * evaluations * metric_request_price()
    yield (
        f"{counted(len(judged), 'alert rule')} ask for {counted(asked, 'metric')} every "
        f"{INTERVAL} s: {_usd(cost)} a month ({_price()}, {_HOURS} hours), besides what the "
        "CloudWatch alarms cost for as long as they are there."
    )
    yield (
        "Needs Grafana 10.4 or newer. Where a query fails, Grafana raises an alert named "
        "DatasourceError, which CloudWatch has no like of: route it to whoever looks after Grafana."
    )


def _metrics_of(rule: dict[str, Any]) -> int:
    query = rule["data"][0]["model"]
    return max(1, str(query.get("expression", "")).count("SEARCH("))


def _price() -> str:
    per_thousand = 1000 * metric_request_price()
    return f"{per_thousand.normalize()} USD for 1,000 metrics, {metric_request_source()}"


def _usd(amount: Decimal) -> str:
    places = Decimal("0.01") if amount >= 1 else Decimal("0.0001")
    return f"{amount.quantize(places)} USD"


SYSTEM: Final = System(
    name="grafana",
    title="Grafana",
    summary="a dashboard over CloudWatch, and by choice alert rules",
    description=(
        "Write a Grafana dashboard over the CloudWatch data source (dashboard.json: the same "
        "graphs, thresholds and links) and, with --alerts, alert rules as a provisioning file "
        "(alert-rules.yaml)."
    ),
    options=(
        ExportOption(
            name="alerts",
            help="write alert rules, too, which Grafana judges: each costs about four times what "
            "its CloudWatch alarm does",
        ),
        ExportOption(
            name="data-source",
            metavar="UID",
            help="with --alerts: the uid of Grafana's CloudWatch data source, as the address of "
            "its page ends with",
        ),
    ),
    write=write,
    everything={"alerts": True, "data-source": "cloudwatch"},
)
