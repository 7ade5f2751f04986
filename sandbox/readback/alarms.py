"""Compares alarms, what mutes them and what shows them with what the API returns."""

import json
from collections.abc import Mapping
from typing import Any, Final

from sandbox.readback.account_reader import AccountReader, Compare, Compared, nothing
from sandbox.tags import CLOUDWATCH, from_pairs

_ALARM: Final = {
    "alarmDescription": "AlarmDescription",
    "comparisonOperator": "ComparisonOperator",
    "datapointsToAlarm": "DatapointsToAlarm",
    "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
    "evaluationPeriods": "EvaluationPeriods",
    "extendedStatistic": "ExtendedStatistic",
    "metricName": "MetricName",
    "namespace": "Namespace",
    "period": "Period",
    "statistic": "Statistic",
    "threshold": "Threshold",
    "treatMissingData": "TreatMissingData",
}
_WARM_UP: Final = {
    "warmUpPeriodDurationInMinutes": "WarmUpPeriodDurationInMinutes",
    "onlyStartEvaluatingAfterWarmUpPeriodEnds": "OnlyStartEvaluatingAfterWarmUpPeriodEnds",
}


def _alarm(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    cloudwatch = account.client("cloudwatch", inputs)
    alarms = cloudwatch.describe_alarms(AlarmNames=[inputs["name"]])["MetricAlarms"]
    (live,) = alarms or nothing("alarm", inputs["name"])
    warm_up = inputs.get("warmUpConfiguration") or {}
    registered = {
        **{name: inputs[name] for name in _ALARM if name in inputs},
        "actionsEnabled": inputs.get("actionsEnabled", True),
        "alarmActions": sorted(inputs["alarmActions"]),
        "okActions": sorted(inputs.get("okActions") or []),
        "dimensions": inputs.get("dimensions") or {},
        "metrics": [_registered_query(query) for query in inputs.get("metricQueries") or []],
        "warmUp": {name: warm_up[name] for name in _WARM_UP if name in warm_up},
    }
    live_warm_up = live.get("WarmUpConfiguration") or {}
    return registered, {
        **{name: live.get(api) for name, api in _ALARM.items()},
        "actionsEnabled": live["ActionsEnabled"],
        "alarmActions": sorted(live.get("AlarmActions", [])),
        "okActions": sorted(live.get("OKActions", [])),
        "dimensions": from_pairs(live.get("Dimensions", []), "Name", "Value"),
        "metrics": [_live_query(query) for query in live.get("Metrics", [])],
        "warmUp": {
            name: live_warm_up[api] for name, api in _WARM_UP.items() if api in live_warm_up
        },
        "tags": CLOUDWATCH.of(cloudwatch, live["AlarmArn"]),
    }


def _mute_rule(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    cloudwatch = account.client("cloudwatch", inputs)
    live = cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName=inputs["name"])
    wanted = inputs["rule"]["schedule"]
    schedule = live["Rule"]["Schedule"]
    registered = {
        "description": inputs.get("description"),
        "schedule": (wanted["expression"], wanted["duration"], wanted.get("timezone", "UTC")),
        "alarmNames": sorted(inputs["muteTargets"]["alarmNames"]),
    }
    return registered, {
        "description": live.get("Description"),
        "schedule": (schedule["Expression"], schedule["Duration"], schedule.get("Timezone", "UTC")),
        "alarmNames": sorted(live["MuteTargets"]["AlarmNames"]),
        "tags": CLOUDWATCH.of(cloudwatch, live["AlarmMuteRuleArn"]),
    }


def _composite(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    cloudwatch = account.client("cloudwatch", inputs)
    composites = cloudwatch.describe_alarms(
        AlarmNames=[inputs["alarmName"]], AlarmTypes=["CompositeAlarm"]
    )["CompositeAlarms"]
    (live,) = composites or nothing("composite alarm", inputs["alarmName"])
    suppressor = inputs.get("actionsSuppressor") or {}
    registered = {
        "alarmRule": inputs["alarmRule"],
        "alarmDescription": inputs["alarmDescription"],
        "alarmActions": sorted(inputs.get("alarmActions") or []),
        "okActions": sorted(inputs.get("okActions") or []),
        "suppressor": (
            suppressor.get("alarm"),
            suppressor.get("waitPeriod"),
            suppressor.get("extensionPeriod"),
        ),
    }
    return registered, {
        "alarmRule": live["AlarmRule"],
        "alarmDescription": live.get("AlarmDescription"),
        "alarmActions": sorted(live.get("AlarmActions", [])),
        "okActions": sorted(live.get("OKActions", [])),
        "suppressor": (
            live.get("ActionsSuppressor"),
            live.get("ActionsSuppressorWaitPeriod"),
            live.get("ActionsSuppressorExtensionPeriod"),
        ),
        "tags": CLOUDWATCH.of(cloudwatch, live["AlarmArn"]),
    }


def _registered_query(query: Mapping[str, Any]) -> dict[str, Any]:
    metric = query.get("metric") or {}
    return {
        "id": query["id"],
        "expression": query.get("expression"),
        "label": query.get("label"),
        "returned": bool(query.get("returnData")),
        "metric": (metric.get("namespace"), metric.get("metricName"), metric.get("stat")),
        "period": metric.get("period"),
        "dimensions": metric.get("dimensions") or {},
    }


def _live_query(query: Mapping[str, Any]) -> dict[str, Any]:
    stat = query.get("MetricStat") or {}
    metric = stat.get("Metric") or {}
    return {
        "id": query["Id"],
        "expression": query.get("Expression"),
        "label": query.get("Label"),
        "returned": bool(query.get("ReturnData")),
        "metric": (metric.get("Namespace"), metric.get("MetricName"), stat.get("Stat")),
        "period": stat.get("Period"),
        "dimensions": from_pairs(metric.get("Dimensions", []), "Name", "Value"),
    }


def _dashboard(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    name = inputs["dashboardName"]
    live = account.client("cloudwatch", inputs).get_dashboard(DashboardName=name)
    registered = {"dashboardBody": json.loads(inputs["dashboardBody"])}
    return registered, {"dashboardBody": json.loads(live["DashboardBody"])}


COMPARE: Final[Mapping[str, Compare]] = {
    "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": _mute_rule,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _composite,
    "aws:cloudwatch/dashboard:Dashboard": _dashboard,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm,
}
"""How resources of each type are compared."""
