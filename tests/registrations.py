"""Resources as a run of the program registers them, without a run."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from stack.definitions import ALARM
from stack.incidents import COMPOSITE
from stack.placeholder_aws import ACCOUNT
from stack.program import ProgramRun, Registration
from stack.resource_types import DASHBOARD, TOPIC
from tests.account.emulated import HOME, PROJECT


def registered(
    type_: str, name: str, inputs: Mapping[str, Any], *, arn: str = "", custom: bool = True
) -> Registration:
    """A resource right below the stack."""
    return Registration(
        type=type_,
        name=name,
        urn=f"urn:pulumi:prod::{PROJECT}::{type_}::{name}",
        parent="",
        inputs=inputs,
        secret_inputs=frozenset(),
        arn=arn,
        provider="",
        custom=custom,
    )


def run_of(*registrations: Registration) -> ProgramRun:
    return ProgramRun(registrations=registrations, exports={}, outputs={}, warnings=())


def topic_arn(name: str, region: str = HOME) -> str:
    return f"arn:aws:sns:{region}:{ACCOUNT}:{name}"


def topic(name: str) -> Registration:
    return registered(TOPIC, name, {"name": name}, arn=topic_arn(name))


def tags_of(address: str, severity: str = "") -> dict[str, str]:
    key, _, target = address.partition("@")
    return {"AlarmKey": key, "Target": target, **({"Severity": severity} if severity else {})}


def metric_alarm(
    address: str, severity: str = "warning", *topics: str, **inputs: Any
) -> Registration:
    """A metric alarm on a service's CPU that tells topics, by their ARNs."""
    name = f"shop-prod-{address}"
    return registered(
        ALARM,
        name,
        {
            "name": name,
            "namespace": "AWS/ECS",
            "metricName": "CPUUtilization",
            "dimensions": {"ClusterName": "main", "ServiceName": "web"},
            "statistic": "Average",
            "period": 60.0,
            "evaluationPeriods": 5.0,
            "datapointsToAlarm": 3.0,
            "threshold": 80.0,
            "comparisonOperator": "GreaterThanOrEqualToThreshold",
            "treatMissingData": "missing",
            "alarmDescription": "CPU",
            "alarmActions": list(topics),
            "tags": {**tags_of(address, severity), "Unit": "Percent"},
            **inputs,
        },
        arn=f"arn:aws:cloudwatch:{HOME}:{ACCOUNT}:alarm:{name}",
    )


def composite_alarm(
    address: str, severity: str, rule: str, *topics: str, **inputs: Any
) -> Registration:
    """A composite alarm with a rule over others."""
    name = f"shop-prod-{address}"
    return registered(
        COMPOSITE,
        name,
        {
            "alarmName": name,
            "alarmRule": rule,
            "alarmDescription": "several alarms",
            "alarmActions": list(topics),
            "tags": tags_of(address, severity),
            **inputs,
        },
        arn=f"arn:aws:cloudwatch:{HOME}:{ACCOUNT}:alarm:{name}",
    )


def metric_query(id_: str, name: str, dimensions: Any, **metric: Any) -> dict[str, Any]:
    read = {"namespace": "Shop", "metricName": name, "dimensions": dimensions, "period": 300.0}
    return {"id": id_, "metric": {**read, "stat": "Sum", **metric}}


def error_rate(**watched: Any) -> Registration:
    """Metric math over two metrics of the same dimensions and one of others."""
    made = metric_alarm(
        "app.error-rate@web",
        metricQueries=[
            metric_query("all", "All", {"Service": "web"}),
            metric_query("bad", "Bad", {"Service": "web"}),
            metric_query("late", "Late", {"Queue": "x"}),
            {"id": "rate", "expression": "bad / all", "returnData": True, **watched},
        ],
    )
    alone = ("namespace", "metricName", "dimensions", "statistic", "period")
    return replace(made, inputs={k: v for k, v in made.inputs.items() if k not in alone})


def dashboard(name: str, body: object) -> Registration:
    return registered(DASHBOARD, name, {"dashboardName": name, "dashboardBody": body})
