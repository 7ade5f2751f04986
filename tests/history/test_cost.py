"""What is shown as the price of a fetch."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from ecs_monitoring import catalog
from ecs_monitoring.catalog.prices import metric_request_price
from history.cost import FetchCost
from history.plan import plan
from history.wanted import WantedMetric
from tests.history.recorded import NOW, archived


def test_a_thousand_metrics_are_a_cent() -> None:
    assert 1000 * metric_request_price() == Decimal("0.01")


def test_the_price_says_where_it_comes_from() -> None:
    document = json.loads(Path(catalog.__file__).with_name("prices.json").read_text())
    for entry in document["requests"].values():
        assert entry["basis"] in document["about"]["basis"]
        assert entry["source"].startswith("https://")


def test_every_statistic_in_every_call_counts() -> None:
    """Three calls for each of 40 metrics (minutes, 5 minutes, hours), 4 statistics in each."""
    metrics = [WantedMetric(metric=archived(f"Metric{number}")) for number in range(40)]
    cost = FetchCost.of(plan({metric: {} for metric in metrics}, NOW, 455))
    assert cost == FetchCost(requests=480, usd=Decimal("0.0048"))


@pytest.mark.parametrize(
    ("requests", "words"),
    [
        (0, "nothing"),
        (1, "at most 0.01 USD"),
        (1000, "at most 0.01 USD"),
        (1001, "at most 0.02 USD"),
    ],
)
def test_words_round_up(requests: int, words: str) -> None:
    assert FetchCost(requests=requests, usd=requests * metric_request_price()).words == words
