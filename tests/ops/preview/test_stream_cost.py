"""What a preview says a metric stream costs, worked out by hand."""

from decimal import Decimal

import pytest

from stack.config import read_stack_config
from stack.cost import CostLine, monthly_cost
from stack.definitions import alarm_previews
from stack.program import run_program
from tests.settings.refusal import with_secret

ACCOUNT = "new_relic={datacenter: us, license_key: 0123456789abcdef0123456789abcdef0123NRAL}"
# 0.003 USD for 1,000 updates, of which a metric has 60 an hour in 730 hours.
EACH = Decimal("0.1314")


def streamed(*settings: str) -> list[CostLine]:
    config = read_stack_config("prod", settings=settings)
    run = run_program(with_secret(config, "new_relic"))
    lines = monthly_cost(run, alarm_previews(run, ()), config.region).lines
    return [line for line in lines if line.what.startswith("metrics streamed")]


def without(*sections: str) -> list[str]:
    """Not even the alarms of the notifications, which every stack has."""
    off = ", ".join(f"delivery.{rule}: {{enabled: false}}" for rule in _DELIVERY)
    return [*(f"{section}={{}}" for section in (*sections, "logs", "app")), f"alarms={{{off}}}"]


_DELIVERY = ("notifications-failed", "dead-letters", "events-failed")


def test_without_a_stream_there_is_nothing_to_pay() -> None:
    assert streamed() == []


@pytest.mark.parametrize(
    ("settings", "updates"),
    [
        # CPU and memory of the service; running and desired tasks.
        (without("alb", "rds"), 4),
        # Of the load balancer: requests, rejected connections, 5xx of its own and of its targets,
        # healthy and unhealthy hosts, latency; and once more latency, since p99 is asked for.
        (without("ecs", "rds"), 8),
        # In us-east-1, from a stream of its own there: one health check.
        ([*without("ecs", "alb", "rds"), "health.site.url=https://www.example.com/"], 1),
    ],
)
def test_each_series_of_an_alarm_is_an_update_a_minute(settings: list[str], updates: int) -> None:
    (line,) = streamed(ACCOUNT, *settings)
    assert (line.count, line.unit_price) == (updates, EACH)
    assert line.total == updates * EACH


def test_a_stack_at_home_in_us_east_1_pays_its_health_check_once() -> None:
    settings = [*without("ecs", "alb", "rds"), "health.site.url=https://www.example.com/"]
    (line,) = streamed(ACCOUNT, *settings, "aws:region=us-east-1")
    assert line.count == 1
