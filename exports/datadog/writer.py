"""A stack for Datadog: one monitor a file, a dashboard, and Terraform to put them there."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ecs_monitoring.cloudwatch.rule import Severity
from exports.datadog.composites import composite_query
from exports.datadog.dashboard import dashboard, widget
from exports.datadog.monitors import (
    EVALUATION_DELAY,
    composite_monitor,
    differences,
    judgement,
    monitor,
)
from exports.monitoring import ExportedComposite, StackMonitoring
from exports.pairs import paired
from exports.result import Carried, Export, LeftOut, NotCarriedError, unread
from exports.system import Chosen, ExportError, ExportOption, System
from exports.texts import file_name, json_text, stable_id

DASHBOARD: Final = "dashboard.json"
TERRAFORM: Final = "main.tf.json"
_FOLDER: Final = "monitors"
_HANDLE: Final = re.compile(r"@[^\s@{}]+")


def write(monitoring: StackMonitoring, chosen: Chosen) -> Export:
    """The export.

    Raises:
        ExportError: a handle that is none.
    """
    handles = {severity: _handle(severity, chosen) for severity in Severity}
    files: dict[str, str] = {}
    carried: list[Carried] = []
    left_out = unread(monitoring)
    ids: dict[str, str] = {}
    milder: dict[str, str] = {}
    for judged in paired(monitoring.rules):
        try:
            made = monitor(judged, monitoring, handles)
        except NotCarriedError as error:
            left_out += judged.left_out(str(error))
            continue
        name = f"{_FOLDER}/{file_name(judged.first.rule.address, 'json')}"
        files[name] = json_text(made)
        id_ = f'${{datadog_monitor_json.monitor["{name}"].id}}'
        carried += judged.carried(name, judgement, differences)
        ids |= {exported.rule.name: id_ for exported in judged.rules}
        for exported in judged.rules[1:]:
            milder[id_] = exported.rule.address
    for composite in monitoring.composites:
        try:
            file, text, without = _composite(composite, monitoring, ids, milder, handles)
        except NotCarriedError as error:
            left_out.append(LeftOut(item=composite.item, reason=str(error)))
            continue
        files[file] = text
        carried.append(Carried(item=composite.item, file=file, differences=without))
    widgets, graphs, refused = _graphs(monitoring)
    files[DASHBOARD] = json_text(dashboard(monitoring, widgets))
    files[TERRAFORM] = json_text(_TERRAFORM)
    return Export(
        system="datadog",
        monitoring=monitoring,
        files=files,
        carried=(*carried, *graphs),
        left_out=(*left_out, *_log_filters(monitoring), *refused),
        notes=_NOTES,
    )


def _handle(severity: Severity, chosen: Chosen) -> str:
    handle = str(chosen[severity.value])
    if handle and not _HANDLE.fullmatch(handle):
        raise ExportError(
            f"--{severity.value} {handle}: write a handle of Datadog's, such as @slack-shop or "
            "@pagerduty-shop"
        )
    return handle


def _composite(
    composite: ExportedComposite,
    monitoring: StackMonitoring,
    ids: Mapping[str, str],
    milder: Mapping[str, str],
    handles: dict[Severity, str],
) -> tuple[str, str, tuple[str, ...]]:
    """File, its text, and how the monitor is otherwise.

    Args:
        composite: the alarm.
        monitoring: whose it is.
        ids: name of each alarm to what stands for its monitor's id.
        milder: such an id to the warning alarm that the monitor judges besides.
        handles: who is notified of each severity.
    """
    conditions = {other.name: other.condition for other in monitoring.composites}
    query = composite_query(composite.condition, ids, conditions)
    made = composite_monitor(composite, query.text, monitoring, handles)
    id_ = stable_id(monitoring.project, monitoring.stack, composite.name, length=64)
    name = file_name(composite.address, "tf.json") if composite.address else f"{id_}.tf.json"
    without = ", ".join(query.without)
    warnings = ", ".join(address for id_, address in milder.items() if id_ in query.text)
    told = [
        # https://docs.datadoghq.com/monitors/types/composite/
        *(
            [f"A warning sets it off, too, of the monitors that judge two alarms: {warnings}."]
            if warnings
            else []
        ),
        *([f"These would set it off, too, and have no monitor: {without}."] if without else []),
        *(
            [f"It notifies while {composite.suppressor} is on, too, which silences the alarm."]
            if composite.suppressor
            else []
        ),
    ]
    return name, json_text({"resource": {"datadog_monitor": {id_: made}}}), tuple(told)


def _graphs(
    monitoring: StackMonitoring,
) -> tuple[dict[str, list[dict[str, Any]]], list[Carried], list[LeftOut]]:
    """The widgets of each section, what they carry over, and what they cannot."""
    widgets: dict[str, list[dict[str, Any]]] = {}
    carried: list[Carried] = []
    refused: list[LeftOut] = []
    for placed in monitoring.panels:
        try:
            made, told = widget(placed, monitoring)
        except NotCarriedError as error:
            refused.append(LeftOut(item=placed.item, reason=str(error)))
        else:
            widgets.setdefault(placed.section, []).append(made)
            carried.append(Carried(item=placed.item, file=DASHBOARD, differences=tuple(told)))
    return widgets, carried, refused


def _log_filters(monitoring: StackMonitoring) -> Iterator[LeftOut]:
    for log_filter in monitoring.log_filters:
        yield LeftOut(
            item=log_filter.item,
            reason="it stays in AWS; Datadog makes metrics of the log lines that are sent to it",
        )


_TERRAFORM: Final = {
    "terraform": {"required_providers": {"datadog": {"source": "DataDog/datadog"}}},
    "resource": {
        "datadog_monitor_json": {
            "monitor": {
                "for_each": f'${{fileset(path.module, "{_FOLDER}/*.json")}}',
                "monitor": '${file("${path.module}/${each.value}")}',
            }
        },
        "datadog_dashboard_json": {
            "dashboard": {"dashboard": f'${{file("${{path.module}}/{DASHBOARD}")}}'}
        },
    },
}

_NOTES: Final = (
    "No monitor has been seen by Datadog: no account was used. Fields are held against the "
    "official client's models, and queries against the form that the API's page gives.",
    "Metrics come from Datadog's AWS integration: switch ApplicationELB, ECS and RDS on in it.",
    f"Monitors look at data that is {EVALUATION_DELAY} s old, as Datadog advises for metrics that "
    "it asks AWS for.",
    "monitors/*.json are what Datadog imports by hand, too; composite monitors need the ids of "
    "others, which only Terraform fills in (main.tf.json).",
)

SYSTEM: Final = System(
    name="datadog",
    title="Datadog",
    summary="monitors and a dashboard",
    description=(
        "Write one monitor a file (monitors/*.json, as Datadog's API and its import have them), "
        "composite monitors (*.tf.json), a dashboard (dashboard.json), and what makes Terraform "
        "resources of them (main.tf.json). A critical and a warning alarm on one signal are one "
        "monitor."
    ),
    options=(
        ExportOption(
            name="critical",
            metavar="@HANDLE",
            help="who is notified of critical monitors, such as "
            "@pagerduty-shop; nobody if left out",
        ),
        ExportOption(
            name="warning",
            metavar="@HANDLE",
            help="who is notified of warnings, such as @slack-shop",
        ),
    ),
    write=write,
)
