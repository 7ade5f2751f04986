"""Metric math: expressions over the metrics of an alarm, evaluated period by period.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from ecs_monitoring.cloudwatch.metric_math.bounds import bounds, has_gaps, reads_metrics
from ecs_monitoring.cloudwatch.metric_math.functions import Frame
from ecs_monitoring.cloudwatch.metric_math.program import KNOWN_FUNCTIONS, MathProgram, check

__all__ = [
    "KNOWN_FUNCTIONS",
    "Frame",
    "MathProgram",
    "bounds",
    "check",
    "has_gaps",
    "reads_metrics",
]
