"""Monthly list prices of what monitoring is made of.

The figures are in ``prices.json`` beside this file, each with its source, the kind of that source
and the date on which it was read (2026-11-24).
"""

import functools
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypedDict

_DATA = Path(__file__).with_name("prices.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """List prices of one AWS Region, in USD a month, before tax and before any free tier.

    The free tier of an account (https://aws.amazon.com/cloudwatch/pricing/) takes off 10
    standard-resolution alarm metrics, 10 custom metrics and 3 dashboards of up to 50 metrics.

    Attributes:
        region: The Region, for example ``ap-northeast-1``.
        standard_alarm_metric: One metric of an alarm with a period of 60 s or more. An alarm on
            a metric math expression is billed for every metric that it refers to:
            https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_billing.html
        high_resolution_alarm_metric: One metric of an alarm with a period below 60 s.
        composite_alarm: One composite alarm, whatever it refers to.
        dashboard: One custom dashboard.
        custom_metric: One custom metric, among an account's first 10,000.
        kms_key: One customer managed KMS key.
        health_check: One Route 53 health check of an endpoint outside AWS.
        health_check_option: One optional feature, such as HTTPS, of such a health check.
    """

    region: str
    standard_alarm_metric: Decimal
    high_resolution_alarm_metric: Decimal
    composite_alarm: Decimal
    dashboard: Decimal
    custom_metric: Decimal
    kms_key: Decimal
    health_check: Decimal
    health_check_option: Decimal


class _Price(TypedDict):
    usd: str
    source: str


class _Document(TypedDict):
    requests: dict[str, _Price]
    every_region: dict[str, _Price]
    regions: dict[str, dict[str, _Price]]


@functools.cache
def _document() -> _Document:
    document: _Document = json.loads(_DATA.read_bytes())
    return document


def prices_for(region: str) -> Prices | None:
    """Return the prices of ``region``, or ``None`` where none are on file for it."""
    document = _document()
    regional = document["regions"].get(region)
    if regional is None:
        return None
    entries = document["every_region"] | regional
    return Prices(region=region, **{name: Decimal(entry["usd"]) for name, entry in entries.items()})


def metric_update_price() -> Decimal:
    """What one update of a metric in a metric stream costs, in USD, whatever the month's total.

    One to five percentiles of a metric are another update each time.
    """
    return Decimal(_document()["requests"]["metric_stream_update"]["usd"])


def metric_request_price() -> Decimal:
    """What one metric in a request of GetMetricData costs, in USD, whatever the month's total.

    The sources name no Region; AWS says of its prices that they vary by Region.
    """
    return Decimal(_document()["requests"]["get_metric_data_metric"]["usd"])


def metric_request_source() -> str:
    """Where that price was read."""
    return _document()["requests"]["get_metric_data_metric"]["source"]
