"""What fetching costs: GetMetricData is billed by the metrics that are asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ecs_monitoring.catalog.prices import metric_request_price
from history.plan import Request

ASKS_ABOVE: Final = Decimal("0.10")
"""USD up to which nobody is asked: the price of one alarm for a month."""


@dataclass(frozen=True, kw_only=True)
class FetchCost:
    """The most that some calls can cost, before tax.

    AWS: "You can request up to five statistics for the same metric in a single GetMetricData API
    request. Additional statistics are billed as an additional metric." Users who compared that
    with their bills disagree on whether five statistics are one metric
    (https://github.com/prometheus/cloudwatch_exporter/pull/482, which quotes the sentence from
    https://aws.amazon.com/cloudwatch/pricing/, finds each of them billed), so each counts as a
    metric here; the bill may be a fifth.

    Attributes:
        requests: how many statistics of metrics are asked for, over all calls.
        usd: their price.
    """

    requests: int
    usd: Decimal

    @classmethod
    def of(cls, calls: Iterable[Request]) -> "FetchCost":
        """What some calls cost if each is answered in full at once."""
        requests = sum(call.queries for call in calls)
        return cls(requests=requests, usd=requests * metric_request_price())

    @property
    def words(self) -> str:
        """``at most 0.02 USD``, rounded up to cents."""
        cents = self.usd.quantize(Decimal("0.01"), rounding="ROUND_UP")
        return f"at most {cents} USD" if self.requests else "nothing"
