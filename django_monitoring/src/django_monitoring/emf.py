"""CloudWatch's embedded metric format: a metric as a line of the log.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from typing import Final

from .contract import NAMESPACE
from .records import Record

MAX_VALUES: Final = 100
"""Numbers in a metric's array, by the specification."""

MAX_LINE: Final = 4096
"""Bytes of a line: what Linux writes into a pipe in one piece (PIPE_BUF), whoever else writes.

https://man7.org/linux/man-pages/man7/pipe.7.html
"""

# Half a thousandth off at most, and short: the log is paid for by the byte.
_DIGITS: Final = 4


def encode_line(record: Record) -> bytes:
    """The record as one line of ASCII, with its newline.

    Values are numbers or plain arrays of numbers, since the specification has nothing else.

    Raises:
        ValueError: the line would be longer than 4,096 bytes, or holds a number that JSON
            cannot express.
    """
    document = {
        "_aws": {
            "Timestamp": record.timestamp,
            "CloudWatchMetrics": [
                {
                    "Namespace": NAMESPACE,
                    "Dimensions": record.dimension_sets,
                    "Metrics": [
                        {"Name": metric.name, "Unit": metric.unit} for metric in record.metrics
                    ],
                }
            ],
        },
        **record.dimensions,
        **{
            name: _short(value) if isinstance(value, float) else value
            for name, value in record.properties.items()
        },
        **{metric.name: _numbers(metric.value) for metric in record.metrics},
    }
    line = json.dumps(document, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"
    if len(line) > MAX_LINE:
        raise ValueError(f"a metric line has {len(line)} bytes, more than {MAX_LINE}")
    return line


def _numbers(value: int | float | tuple[float, ...]) -> int | float | list[float]:
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return _short(value)
    return [_short(number) for number in value]


def _short(number: float) -> float:
    return float(f"{number:.{_DIGITS}g}")
