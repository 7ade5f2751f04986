"""Prices on file, and that each of them says where it comes from."""

import dataclasses
import json
from decimal import Decimal
from pathlib import Path

import pytest

from ecs_monitoring import catalog
from ecs_monitoring.catalog import Prices, prices_for

DOCUMENT = json.loads(Path(catalog.__file__).with_name("prices.json").read_text())
ENTRIES = [
    pytest.param(entry, id=f"{scope}-{name}")
    for scope, prices in [("every", DOCUMENT["every_region"]), *DOCUMENT["regions"].items()]
    for name, entry in prices.items()
]


def test_tokyo() -> None:
    assert prices_for("ap-northeast-1") == Prices(
        region="ap-northeast-1",
        standard_alarm_metric=Decimal("0.10"),
        high_resolution_alarm_metric=Decimal("0.30"),
        composite_alarm=Decimal("0.50"),
        dashboard=Decimal(3),
        custom_metric=Decimal("0.30"),
        kms_key=Decimal(1),
        health_check=Decimal("0.75"),
        health_check_option=Decimal(2),
    )


def test_prices_add_up_without_rounding() -> None:
    prices = prices_for("us-east-1")
    assert prices is not None
    # Three metrics and a composite alarm; in binary floating point 3 * 0.1 exceeds 0.3.
    assert 3 * prices.standard_alarm_metric + prices.composite_alarm == Decimal("0.8")


@pytest.mark.parametrize("region", ["eu-west-9", "", "AP-NORTHEAST-1", "every_region"])
def test_a_region_that_is_not_on_file_has_no_prices(region: str) -> None:
    assert prices_for(region) is None


@pytest.mark.parametrize("region", DOCUMENT["regions"])
def test_every_region_on_file_has_every_price(region: str) -> None:
    prices = prices_for(region)
    assert prices is not None
    assert prices.region == region
    amounts = dataclasses.asdict(prices)
    del amounts["region"]
    assert all(amount > 0 for amount in amounts.values())


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_price_states_its_unit_and_its_source(entry: dict[str, str]) -> None:
    assert "month" in entry["per"]
    assert entry["basis"] in DOCUMENT["about"]["basis"]
    assert entry["source"].startswith("https://")
