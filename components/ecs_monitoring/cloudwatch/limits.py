"""CloudWatch's documented limits as named constants.

Sources: the CloudWatch service model shipped with botocore
(``cloudwatch/2010-08-01/service-2.json``, shapes named beside each constant) and the
user guide pages linked where the model is silent. ``tests/cloudwatch/test_limits.py``
holds each constant against that model.
"""

from typing import Final

ALARM_NAME_LENGTH: Final = 255
"""Characters in an alarm's name (shape ``AlarmName``)."""

ALARM_DESCRIPTION_LENGTH: Final = 1024
"""Characters in an alarm's description (shape ``AlarmDescription``)."""

ACTIONS_PER_STATE: Final = 5
"""Actions for one alarm state (shape ``ResourceList``)."""

DIMENSIONS_PER_METRIC: Final = 30
"""Dimensions of one metric (shape ``Dimensions``)."""

DIMENSION_NAME_LENGTH: Final = 255
"""Characters in a dimension's name (shape ``DimensionName``)."""

DIMENSION_VALUE_LENGTH: Final = 1024
"""Characters in a dimension's value (shape ``DimensionValue``)."""

METRIC_NAME_LENGTH: Final = 255
"""Characters in a metric's name (shape ``MetricName``)."""

NAMESPACE_LENGTH: Final = 255
"""Characters in a namespace (shape ``Namespace``)."""

FARTHEST_POWER: Final = 360
"""No datapoint is farther from zero than 2 to this power (shape ``MetricDatum``)."""

METRIC_QUERIES_PER_ALARM: Final = 20
"""Metrics and expressions of a metric-math alarm together.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_metric_alarm
"""

METRICS_PER_ALARM: Final = 10
"""Metrics among the queries of a metric-math alarm.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html
"""

METRIC_ID_LENGTH: Final = 255
"""Characters in the id of a metric or expression (shape ``MetricId``)."""

EXPRESSION_LENGTH: Final = 1024
"""Characters in a metric-math expression that an alarm watches.

CloudWatch takes 2,048 (shape ``MetricExpression``), the AWS provider refuses more than 1,024:
https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/cloudwatch/metric_alarm.go
"""

HIGH_RESOLUTION_PERIODS: Final = (10, 20, 30)
"""Seconds: periods under a minute, for metrics published with one-second resolution only.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

STANDARD_PERIOD: Final = 60
"""Seconds: every other period is a multiple of this."""

LONGEST_PERIOD: Final = 86_400
"""Seconds: one day, the longest period of a metric.

https://github.com/awsdocs/amazon-cloudwatch-user-guide/blob/011761933cd4cd49cfbe64fca4ad93c7eda2dbd6/doc_source/cloudwatch_limits.md
"""

LONG_PERIOD: Final = 3600
"""Seconds: from this period on, an alarm may look back a week instead of a day."""

EVALUATION_WINDOW: Final = 86_400
"""Seconds: period x evaluation periods, where the period is under an hour (one day).

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

LONG_EVALUATION_WINDOW: Final = 604_800
"""Seconds: period x evaluation periods, where the period is an hour or more (seven days)."""

DASHBOARD_COLUMNS: Final = 24
"""Columns of a dashboard's grid.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

WIDGETS_PER_DASHBOARD: Final = 500
"""Widgets on one dashboard.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

METRICS_PER_WIDGET: Final = 500
"""Metrics on one graph (same page)."""

METRICS_PER_DASHBOARD: Final = 2500
"""Metrics across all graphs of one dashboard, hidden ones included.

As AWS's quotas page had it in 2023; it no longer names the number.
https://github.com/awsdocs/amazon-cloudwatch-user-guide/blob/011761933cd4cd49cfbe64fca4ad93c7eda2dbd6/doc_source/cloudwatch_limits.md
"""

DASHBOARD_BODY_BYTES: Final = 1_048_576
"""Bytes of a dashboard's JSON body that this project keeps to; AWS states no number."""

SEARCHES_PER_WIDGET: Final = 100
"""SEARCH expressions on one graph.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
"""

LOG_GROUPS_PER_QUERY: Final = 50
"""Log groups that one Logs Insights query reads.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
"""

ALARMS_PER_WIDGET: Final = 100
"""Alarms in one alarm-status widget (dashboard body structure page)."""

REGEX_FILTERS_PER_LOG_GROUP: Final = 5
"""Filter patterns with a regular expression in one log group.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
"""

METRIC_FILTERS_PER_LOG_GROUP: Final = 100
"""Metric filters of one log group.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
"""

ALARMS_PER_MUTE_RULE: Final = 100
"""Alarms that one mute rule names (shape ``MuteTargetAlarmNameList``)."""

MUTE_EXPRESSION_LENGTH: Final = 256
"""Characters in the schedule of a mute rule (shape ``Expression``)."""

MUTE_RULE_NAME_LENGTH: Final = 255
"""Characters in a mute rule's name (shape ``Name``)."""

SHORTEST_MUTE_MINUTES: Final = 1
"""Minutes that a mute rule mutes at least (shape ``Schedule``)."""

LONGEST_MUTE_DAYS: Final = 15
"""Days that a mute rule mutes at most (shape ``Schedule``)."""

CHILDREN_OF_COMPOSITE: Final = 100
"""Alarms that the rule of a composite alarm may name ("You can include as many as 100").

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""

COMPOSITE_RULE_LENGTH: Final = 10_240
"""Characters in the rule of a composite alarm (shape ``AlarmRule``)."""

COMPOSITES_ABOVE_ALARM: Final = 150
"""Composite alarms in whose rules one alarm may stand ("as many as 150", same page)."""
