"""Compares log groups, their filters and health checks with what the API returns."""

from collections.abc import Mapping
from typing import Any, Final

from sandbox.handlers.route53 import HEALTH_CHECK_TAGS
from sandbox.readback.account_reader import AccountReader, Compare, Compared, nothing
from sandbox.tags import LOGS


def _filter(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    logs = account.client("logs", inputs)
    pages = logs.get_paginator("describe_metric_filters").paginate(
        logGroupName=inputs["logGroupName"]
    )
    filters = [log_filter for page in pages for log_filter in page["metricFilters"]]
    named = [log_filter for log_filter in filters if log_filter["filterName"] == inputs["name"]]
    (live,) = named or nothing("log metric filter", inputs["name"])
    (transformation,) = live["metricTransformations"]
    wanted = inputs["metricTransformation"]
    registered = {
        "pattern": inputs["pattern"],
        "metric": (wanted["namespace"], wanted["name"], wanted["value"]),
        "defaultValue": float(wanted["defaultValue"]),
    }
    return registered, {
        "pattern": live["filterPattern"],
        "metric": (
            transformation["metricNamespace"],
            transformation["metricName"],
            transformation["metricValue"],
        ),
        "defaultValue": transformation.get("defaultValue"),
    }


def _log_group(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    logs = account.client("logs", inputs)
    groups = logs.describe_log_groups(logGroupNamePrefix=inputs["name"])
    named = [g for g in groups["logGroups"] if g["logGroupName"] == inputs["name"]]
    (live,) = named or nothing("log group", inputs["name"])
    registered = {"retentionInDays": inputs["retentionInDays"]}
    tags = LOGS.of(logs, live["logGroupArn"])
    return registered, {"retentionInDays": live.get("retentionInDays"), "tags": tags}


def _health_check(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    route53 = account.client("route53", inputs)
    of_host = [
        check
        for check in route53.list_health_checks()["HealthChecks"]
        if check["HealthCheckConfig"].get("FullyQualifiedDomainName") == inputs["fqdn"]
    ] or nothing("health check of", inputs["fqdn"])
    # A host may be checked at several paths.
    live = max(
        of_host,
        key=lambda check: check["HealthCheckConfig"].get("ResourcePath") == inputs["resourcePath"],
    )
    names = {"type": "Type", "port": "Port", "resourcePath": "ResourcePath"}
    return {name: inputs[name] for name in names}, {
        **{name: live["HealthCheckConfig"].get(api) for name, api in names.items()},
        "tags": HEALTH_CHECK_TAGS.of(route53, live["Id"]),
    }


COMPARE: Final[Mapping[str, Compare]] = {
    "aws:cloudwatch/logGroup:LogGroup": _log_group,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": _filter,
    "aws:route53/healthCheck:HealthCheck": _health_check,
}
"""How resources of each type are compared."""
