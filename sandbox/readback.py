"""Compares what the program registered with what the API returns, resource by resource.

This is another way to look than the handlers' own: it starts from the registered inputs and asks
the API by name, so that a handler that loses a property is found out.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from sandbox.account_reader import AccountReader, Compared, nothing, tags_of
from sandbox.clients import AwsError
from sandbox.stream_readback import COMPARE as STREAMS
from stack.program import Registration


def differences(account: AccountReader, registrations: Iterable[Registration]) -> list[str]:
    """Every property that the API returns otherwise than it was registered, in words."""
    lines = []
    for registration in registrations:
        compare = _COMPARE.get(registration.type)
        if compare is None:
            continue
        try:
            registered, live = compare(account, registration.inputs)
            registered = {**registered, **_registered_tags(registration.inputs)}
        except (LookupError, AwsError) as error:
            lines.append(f"{registration.name}: {error}")
            continue
        lines += [
            f"{registration.name}.{name}: registered {_shown(value, name, registration)}, "
            f"the API returns {_shown(live.get(name), name, registration)}"
            for name, value in registered.items()
            if live.get(name) != value
        ]
    return lines


def compared(registrations: Iterable[Registration]) -> int:
    """How many of the registrations can be compared."""
    return sum(registration.type in _COMPARE for registration in registrations)


def not_compared(registrations: Iterable[Registration]) -> list[str]:
    """Names of the registrations that cannot be compared."""
    return sorted(r.name for r in registrations if r.custom and r.type not in _COMPARE)


def _registered_tags(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The tags that a resource was registered with, the provider's default ones included."""
    tags = inputs.get("tagsAll", inputs.get("tags"))
    return {} if tags is None else {"tags": tags}


def _shown(value: Any, name: str, registration: Registration) -> str:
    return "[secret]" if name in registration.secret_inputs else repr(value)


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


def _alarm(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    cloudwatch = account.client("cloudwatch", inputs)
    alarms = cloudwatch.describe_alarms(AlarmNames=[inputs["name"]])["MetricAlarms"]
    (live,) = alarms or nothing("alarm", inputs["name"])
    tags = cloudwatch.list_tags_for_resource(ResourceARN=live["AlarmArn"])["Tags"]
    registered = {
        **{name: inputs[name] for name in _ALARM if name in inputs},
        "actionsEnabled": inputs.get("actionsEnabled", True),
        "alarmActions": sorted(inputs["alarmActions"]),
        "okActions": sorted(inputs.get("okActions") or []),
        "dimensions": inputs.get("dimensions") or {},
        "metrics": [_registered_query(query) for query in inputs.get("metricQueries") or []],
        "warmUp": (inputs.get("warmUpConfiguration") or {}).get("warmUpPeriodDurationInMinutes"),
    }
    warm_up = live.get("WarmUpConfiguration") or {}
    return registered, {
        **{name: live.get(api) for name, api in _ALARM.items()},
        "actionsEnabled": live["ActionsEnabled"],
        "alarmActions": sorted(live.get("AlarmActions", [])),
        "okActions": sorted(live.get("OKActions", [])),
        "dimensions": {d["Name"]: d["Value"] for d in live.get("Dimensions", [])},
        "metrics": [_live_query(query) for query in live.get("Metrics", [])],
        "warmUp": warm_up.get("WarmUpPeriodDurationInMinutes"),
        "tags": tags_of(tags),
    }


def _mute_rule(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    cloudwatch = account.client("cloudwatch", inputs)
    live = cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName=inputs["name"])
    tags = cloudwatch.list_tags_for_resource(ResourceARN=live["AlarmMuteRuleArn"])["Tags"]
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
        "tags": tags_of(tags),
    }


def _composite(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    cloudwatch = account.client("cloudwatch", inputs)
    composites = cloudwatch.describe_alarms(
        AlarmNames=[inputs["alarmName"]], AlarmTypes=["CompositeAlarm"]
    )["CompositeAlarms"]
    (live,) = composites or nothing("composite alarm", inputs["alarmName"])
    tags = cloudwatch.list_tags_for_resource(ResourceARN=live["AlarmArn"])["Tags"]
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
        "tags": tags_of(tags),
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
        "dimensions": {d["Name"]: d["Value"] for d in metric.get("Dimensions", [])},
    }


def _topic(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    sns = account.client("sns", inputs)
    pages = sns.get_paginator("list_topics").paginate()
    arns = [topic["TopicArn"] for page in pages for topic in page["Topics"]]
    named = [arn for arn in arns if arn.rpartition(":")[2] == inputs["name"]]
    (arn,) = named or nothing("topic", inputs["name"])
    attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    key = inputs.get("kmsMasterKeyId")
    return {"kmsMasterKeyId": key}, {
        "kmsMasterKeyId": attributes.get("KmsMasterKeyId") or None,
        "tags": tags_of(sns.list_tags_for_resource(ResourceArn=arn)["Tags"]),
    }


def _topic_policy(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    attributes = account.client("sns", inputs).get_topic_attributes(TopicArn=inputs["arn"])
    policy = json.loads(attributes["Attributes"]["Policy"])
    return {"policy": json.loads(inputs["policy"])}, {"policy": policy}


def _subscription(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    sns = account.client("sns", inputs)
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=inputs["topic"])
    subscriptions = [
        subscription
        for page in pages
        for subscription in page["Subscriptions"]
        if subscription["Protocol"] == inputs["protocol"]
        and subscription["Endpoint"] == inputs["endpoint"]
    ]
    (live,) = subscriptions or nothing("subscription", inputs["protocol"])
    arn = live["SubscriptionArn"]
    attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    redrive = json.loads(attributes.get("RedrivePolicy", "null"))
    return {"redrivePolicy": json.loads(inputs["redrivePolicy"])}, {"redrivePolicy": redrive}


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


def _dashboard(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    name = inputs["dashboardName"]
    live = account.client("cloudwatch", inputs).get_dashboard(DashboardName=name)
    registered = {"dashboardBody": json.loads(inputs["dashboardBody"])}
    return registered, {"dashboardBody": json.loads(live["DashboardBody"])}


def _queue(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    sqs = account.client("sqs", inputs)
    url = sqs.get_queue_url(QueueName=inputs["name"])["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    registered = {"messageRetentionSeconds": int(inputs["messageRetentionSeconds"])}
    return registered, {
        "messageRetentionSeconds": int(attributes["MessageRetentionPeriod"]),
        "tags": sqs.list_queue_tags(QueueUrl=url).get("Tags", {}),
    }


def _queue_policy(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    attributes = account.client("sqs", inputs).get_queue_attributes(
        QueueUrl=inputs["queueUrl"], AttributeNames=["Policy"]
    )["Attributes"]
    return {"policy": json.loads(inputs["policy"])}, {"policy": json.loads(attributes["Policy"])}


# What the key service and chat call a tag's key and value.
_TAG: Final = ("TagKey", "TagValue")


def _key(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    kms = account.client("kms", inputs)
    keys = [
        key["KeyId"] for page in kms.get_paginator("list_keys").paginate() for key in page["Keys"]
    ]
    described = (kms.describe_key(KeyId=key)["KeyMetadata"] for key in keys)
    named = [k["KeyId"] for k in described if k["Description"] == inputs["description"]]
    (key,) = named or nothing("key", inputs["description"])
    policy = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    rotates = kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
    registered = {"policy": json.loads(inputs["policy"]), "rotation": inputs["enableKeyRotation"]}
    tags = tags_of(kms.list_resource_tags(KeyId=key)["Tags"], *_TAG)
    return registered, {"policy": policy, "rotation": rotates, "tags": tags}


def _log_group(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    logs = account.client("logs", inputs)
    groups = logs.describe_log_groups(logGroupNamePrefix=inputs["name"])
    named = [g for g in groups["logGroups"] if g["logGroupName"] == inputs["name"]]
    (live,) = named or nothing("log group", inputs["name"])
    registered = {"retentionInDays": inputs["retentionInDays"]}
    tags = logs.list_tags_for_resource(resourceArn=live["logGroupArn"])["tags"]
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
    tags = route53.list_tags_for_resource(ResourceType="healthcheck", ResourceId=live["Id"])
    names = {"type": "Type", "port": "Port", "resourcePath": "ResourcePath"}
    return {name: inputs[name] for name in names}, {
        **{name: live["HealthCheckConfig"].get(api) for name, api in names.items()},
        "tags": tags_of(tags["ResourceTagSet"]["Tags"]),
    }


def _alias(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    kms = account.client("kms", inputs)
    pages = kms.get_paginator("list_aliases").paginate()
    aliases = {a["AliasName"]: a.get("TargetKeyId") for page in pages for a in page["Aliases"]}
    if inputs["name"] not in aliases:
        nothing("alias", inputs["name"])
    key = aliases[inputs["name"]]
    return {"targetKeyId": inputs["targetKeyId"]}, {"targetKeyId": key}


def _role(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    role = account.client("iam", inputs).get_role(RoleName=inputs["name"])["Role"]
    registered = {
        "assumeRolePolicy": json.loads(inputs["assumeRolePolicy"]),
    }
    return registered, {
        "assumeRolePolicy": role["AssumeRolePolicyDocument"],
        "tags": tags_of(role.get("Tags", [])),
    }


def _role_policy(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    live = account.client("iam", inputs).get_role_policy(
        RoleName=inputs["role"], PolicyName=inputs["name"]
    )
    return {"policy": json.loads(inputs["policy"])}, {"policy": live["PolicyDocument"]}


def _schedule(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    live = account.client("scheduler", inputs).get_schedule(
        GroupName=inputs["groupName"], Name=inputs["name"]
    )
    target, retries = inputs["target"], inputs["target"]["retryPolicy"]
    registered = {
        "scheduleExpression": inputs["scheduleExpression"],
        "scheduleExpressionTimezone": inputs["scheduleExpressionTimezone"],
        "flexibleTimeWindow": {"Mode": inputs["flexibleTimeWindow"]["mode"]},
        "state": inputs.get("state", "ENABLED"),
        "target": {
            "Arn": target["arn"],
            "RoleArn": target["roleArn"],
            "Input": target["input"],
            "RetryPolicy": {
                "MaximumEventAgeInSeconds": retries["maximumEventAgeInSeconds"],
                "MaximumRetryAttempts": retries["maximumRetryAttempts"],
            },
        },
    }
    return registered, {name: live[f"{name[0].upper()}{name[1:]}"] for name in registered}


def _event_rule(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    events = account.client("events", inputs)
    live = events.describe_rule(Name=inputs["name"])
    tags = events.list_tags_for_resource(ResourceARN=live["Arn"])["Tags"]
    registered = {
        "eventPattern": json.loads(inputs["eventPattern"]),
        "description": inputs["description"],
        "state": inputs.get("state", "ENABLED"),
    }
    return registered, {
        "eventPattern": json.loads(live["EventPattern"]),
        "description": live["Description"],
        "state": live["State"],
        "tags": tags_of(tags),
    }


def _event_target(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    targets = account.client("events", inputs).list_targets_by_rule(Rule=inputs["rule"])["Targets"]
    named = [target for target in targets if target["Id"] == inputs["targetId"]]
    (live,) = named or nothing("target", inputs["targetId"])
    transformer, retries = inputs["inputTransformer"], inputs["retryPolicy"]
    registered = {
        "arn": inputs["arn"],
        "paths": transformer["inputPaths"],
        "template": transformer["inputTemplate"],
        "deadLetters": inputs["deadLetterConfig"]["arn"],
        "retries": (retries["maximumEventAgeInSeconds"], retries["maximumRetryAttempts"]),
    }
    live_retries = live["RetryPolicy"]
    return registered, {
        "arn": live["Arn"],
        "paths": live["InputTransformer"]["InputPathsMap"],
        "template": live["InputTransformer"]["InputTemplate"],
        "deadLetters": live["DeadLetterConfig"]["Arn"],
        "retries": (live_retries["MaximumEventAgeInSeconds"], live_retries["MaximumRetryAttempts"]),
    }


def _channel(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    chatbot = account.client("chatbot", inputs)
    channels = [
        *chatbot.describe_slack_channel_configurations()["SlackChannelConfigurations"],
        *chatbot.list_microsoft_teams_channel_configurations()["TeamChannelConfigurations"],
    ]
    name = inputs["configurationName"]
    named = [channel for channel in channels if channel["ConfigurationName"] == name]
    (live,) = named or nothing("chat channel", name)
    tags = chatbot.list_tags_for_resource(ResourceARN=live["ChatConfigurationArn"])["Tags"]
    registered = {
        name: inputs[name]
        for name in ("guardrailPolicyArns", "iamRoleArn", *_CHANNEL_IDS)
        if name in inputs
    }
    return {**registered, "snsTopicArns": sorted(inputs["snsTopicArns"])}, {
        **{name: live[f"{name[0].upper()}{name[1:]}"] for name in registered},
        "snsTopicArns": sorted(live["SnsTopicArns"]),
        "tags": tags_of(tags, *_TAG),
    }


_CHANNEL_IDS: Final = ("slackTeamId", "slackChannelId", "tenantId", "teamId", "channelId")


_COMPARE: Final[Mapping[str, Callable[[AccountReader, Mapping[str, Any]], Compared]]] = {
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": _channel,
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": _channel,
    "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": _mute_rule,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _composite,
    "aws:cloudwatch/dashboard:Dashboard": _dashboard,
    "aws:cloudwatch/eventRule:EventRule": _event_rule,
    "aws:cloudwatch/eventTarget:EventTarget": _event_target,
    "aws:cloudwatch/logGroup:LogGroup": _log_group,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": _filter,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm,
    "aws:iam/role:Role": _role,
    "aws:iam/rolePolicy:RolePolicy": _role_policy,
    "aws:kms/alias:Alias": _alias,
    "aws:kms/key:Key": _key,
    "aws:route53/healthCheck:HealthCheck": _health_check,
    "aws:scheduler/schedule:Schedule": _schedule,
    "aws:sns/topic:Topic": _topic,
    "aws:sns/topicPolicy:TopicPolicy": _topic_policy,
    "aws:sns/topicSubscription:TopicSubscription": _subscription,
    "aws:sqs/queue:Queue": _queue,
    "aws:sqs/queuePolicy:QueuePolicy": _queue_policy,
    **STREAMS,
}
