"""The alarms on metric math as they must be sent."""

from typing import Any

from tests.stacks.rows import BALANCER, SERVICE


def metric(id_: str, namespace: str, name: str, statistic: str, period: int) -> dict[str, Any]:
    """A metric that an expression reads and the alarm does not watch by itself."""
    return {
        "id": id_,
        "returnData": False,
        "metric": {
            "namespace": namespace,
            "metricName": name,
            "dimensions": SERVICE if namespace == "ECS/ContainerInsights" else BALANCER,
            "stat": statistic,
            "period": period,
        },
    }


def tasks_low(floor: int) -> dict[str, Any]:
    """Monitoring guide, metrics to watch: RunningTaskCount, by Container Insights alone.

    Tasks are missing where fewer run than are desired, or than the floor; above 0 missing is
    one too few. No data means no tasks, or that nobody counts them: both alarm.
    """
    return {
        "metricQueries": [
            metric("desired", "ECS/ContainerInsights", "DesiredTaskCount", "Average", 60),
            metric("running", "ECS/ContainerInsights", "RunningTaskCount", "Average", 60),
            {
                "id": "missing",
                "returnData": True,
                **(
                    {
                        "expression": f"IF(desired > {floor}, desired, {floor}) - running",
                        "label": f"tasks missing of desired (at least {floor})",
                    }
                    if floor
                    else {"expression": "desired - running", "label": "tasks missing of desired"}
                ),
            },
        ],
        "comparisonOperator": "GreaterThanThreshold",
        "threshold": 0,
        "evaluationPeriods": 5,
        "datapointsToAlarm": 5,
        "treatMissingData": "breaching",
        "metricName": None,
        "period": None,
        "statistic": None,
    }


def target_5xx_rate() -> dict[str, Any]:
    """Five percent of the requests fail in three minutes of five, of at least 20 a minute.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
    has both counts; that of errors exists only in minutes that had one, so it is filled with 0.
    """
    return {
        "metricQueries": [
            metric("errors", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Sum", 60),
            metric("requests", "AWS/ApplicationELB", "RequestCount", "Sum", 60),
            {
                "id": "rate",
                "returnData": True,
                "expression": "IF(requests >= 20, 100 * FILL(errors, 0) / requests, 0)",
                "label": "5xx rate (>= 20 requests)",
            },
        ],
        "comparisonOperator": "GreaterThanOrEqualToThreshold",
        "threshold": 5,
        "evaluationPeriods": 5,
        "datapointsToAlarm": 3,
        "treatMissingData": "notBreaching",
        "metricName": None,
        "period": None,
        "statistic": None,
    }


def cache_hit_rate_low() -> dict[str, Any]:
    """Monitoring guide, custom metrics: cache hit rate; below half of the reads for 15 minutes.

    A period with misses alone has no datapoint of hits, so both are filled with 0.
    """
    published = {"namespace": "Django/API", "dimensions": {"Service": "django-app-service"}}
    counts = [
        {
            "id": id_,
            "returnData": False,
            "metric": {**published, "metricName": name, "stat": "Sum", "period": 300},
        }
        for id_, name in (("hits", "CacheHits"), ("misses", "CacheMisses"))
    ]
    return {
        "metricQueries": [
            *counts,
            {
                "id": "rate",
                "returnData": True,
                "expression": "100 * FILL(hits, 0) / (FILL(hits, 0) + FILL(misses, 0))",
                "label": "cache hit rate",
            },
        ],
        "comparisonOperator": "LessThanThreshold",
        "threshold": 50,
        "evaluationPeriods": 3,
        "datapointsToAlarm": 3,
    }
