"""New Relic's side of a metric stream: where its data centers take metrics, and with which key."""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class NewRelicDatacenter(StrEnum):
    """Where a New Relic account keeps its data."""

    US = "us"
    EU = "eu"


# https://docs.newrelic.com/docs/infrastructure/amazon-integrations/aws-integrations-list/aws-metric-stream/
METRIC_ENDPOINTS: Final[Mapping[NewRelicDatacenter, str]] = MappingProxyType(
    {
        NewRelicDatacenter.US: "https://aws-api.newrelic.com/cloudwatch-metrics/v1",
        NewRelicDatacenter.EU: "https://aws-api.eu01.nr-data.net/cloudwatch-metrics/v1",
    }
)
"""Where Firehose sends a metric stream, by data center."""

# Keys that look like the right one, by how they begin:
# https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/
_OTHER_KEYS: Final = {
    "NRAK-": "a user key",
    "NRAA-": "an admin key",
    "NRII-": "an Insights insert key",
    "NRIQ-": "an Insights query key",
    "NRJS-": "a browser key",
}

# 40 characters; those of the EU begin with eu01:
# https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/#license-key
_LICENSE_KEY: Final = re.compile(r"[0-9A-Za-z]{40}")
_EU_KEY: Final = re.compile(r"eu\d\dxx[0-9A-Za-z]{34}", re.IGNORECASE)


def usable_license_key(key: str) -> str:
    """The key, if New Relic could take it.

    Raises:
        ValueError: it could not. The message says what to write, and nothing of the key.
    """
    other = next((what for start, what in _OTHER_KEYS.items() if key.startswith(start)), "")
    if other:
        raise ValueError(
            f"is {other}, which New Relic takes no metrics with: write a license key (API keys, "
            "type INGEST - LICENSE)"
        )
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError("is no license key: write its 40 characters, without blanks")
    return key


def refuse_distant_key(key: str, datacenter: NewRelicDatacenter) -> None:
    """Refuse a key that the other data center has given out: its metrics would go nowhere.

    Raises:
        ValueError: it is. The message says what to write, and nothing of the key.
    """
    if not _LICENSE_KEY.fullmatch(key):
        return
    own = NewRelicDatacenter.EU if _EU_KEY.fullmatch(key) else NewRelicDatacenter.US
    if own is not datacenter:
        raise ValueError(
            f"the license key is one of the {own.upper()} data center: write datacenter: {own}, "
            f"or a key of the {datacenter.upper()}"
        )
