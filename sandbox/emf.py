"""From CloudWatch Embedded Metric Format lines to samples, as CloudWatch Logs extracts them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ecs_monitoring.cloudwatch.definition import MetricKey
from ecs_monitoring.cloudwatch.evaluation import Sample, Series


def emf_series(lines: Iterable[str]) -> dict[MetricKey, Series]:
    """Every metric that a log's lines publish; lines in another format publish none."""
    samples: dict[MetricKey, list[Sample]] = defaultdict(list)
    for line in lines:
        for metric, sample in _samples(line):
            samples[metric].append(sample)
    return {metric: Series(published) for metric, published in samples.items()}


def _samples(line: str) -> Iterator[tuple[MetricKey, Sample]]:
    event = _event(line)
    metadata = event.get("_aws", {})
    time = int(metadata.get("Timestamp", 0)) // 1000
    for directive in metadata.get("CloudWatchMetrics", []):
        for metric in directive["Metrics"]:
            value = event[metric["Name"]]
            for names in directive["Dimensions"]:
                key = MetricKey(
                    namespace=directive["Namespace"],
                    name=metric["Name"],
                    dimensions=frozenset((name, str(event[name])) for name in names),
                )
                for number in value if isinstance(value, list) else [value]:
                    yield key, Sample.of(time, float(number))


def _event(line: str) -> Mapping[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}
