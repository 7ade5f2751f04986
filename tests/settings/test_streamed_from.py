"""Which metrics are streamed to New Relic from which Region."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.rules.new_relic import NewRelicDatacenter
from settings import Settings
from tests.settings.refusal import asked, aws_config, with_secret

KEY: Final = "0123456789abcdef0123456789abcdef0123NRAL"
WEB: Final = {"cluster": "shop", "service": "checkout"}
SETTINGS: Final[Mapping[str, Any]] = {
    "ecs": {"web": WEB},
    "health": {"site": {"url": "https://www.shop.jp/readyz"}},
    "new_relic": {"datacenter": "us", "license_key": KEY},
    "tags": {"Team": "shop"},
}
ECS: Final = [("AWS/ECS", "CPUUtilization"), ("AWS/ECS", "MemoryUtilization")]
HEALTH: Final = [("AWS/Route53", "HealthCheckStatus")]


def part(region: str | None, name: str) -> Any:
    """A component without a section of the settings."""
    metric = Metric(namespace="AWS/SNS", name=name, dimensions={"TopicName": "t"}, statistic="p99")
    return SimpleNamespace(region=region, metrics=(metric,))


def streamed(region: str | None, *parts: Any, **changes: Any) -> list[Any]:
    """The args of the streams of the stack's own Region and of that of the outside checks."""
    aws = {"region": region} if region else {}
    config = with_secret(aws_config({**SETTINGS, **changes}, aws), "new_relic")

    def args(settings: Settings) -> list[Any]:
        return [one.new_relic(parts) for one in settings.regions]

    return asked(config, args)


def names(args: Any) -> list[tuple[str, str]]:
    return [(one["namespace"], one["name"]) for one in args["metrics"]]


def test_the_args_of_both_streams() -> None:
    home, outside = streamed("ap-northeast-1")
    rest = {name: value for name, value in home.items() if name not in ("license_key", "metrics")}
    assert rest == {
        "datacenter": NewRelicDatacenter.US,
        "tags": {"Team": "shop"},
    }
    assert outside["region"] == "us-east-1"
    assert outside.keys() - home.keys() == {"region"}
    assert {"namespace": "AWS/ECS", "name": "MemoryUtilization", "percentiles": ()} in (
        home["metrics"]
    )


@pytest.mark.parametrize(
    ("region", "own", "far"),
    [
        ("ap-northeast-1", ECS, HEALTH),
        (None, ECS, HEALTH),
        # At home where the outside checks are, one stream has all.
        ("us-east-1", [*ECS, *HEALTH], None),
    ],
)
def test_each_region_streams_its_own(
    region: str | None, own: list[tuple[str, str]], far: list[tuple[str, str]] | None
) -> None:
    home, outside = streamed(region)
    assert names(home) == own
    assert (outside and names(outside)) == far


def test_what_carries_notifications_is_streamed_from_where_it_is() -> None:
    parts = part(None, "A"), part("us-east-1", "B"), part("ap-northeast-1", "C")
    home, outside = streamed("ap-northeast-1", *parts)
    assert names(home) == [*ECS, ("AWS/SNS", "A"), ("AWS/SNS", "C")]
    assert names(outside) == [*HEALTH, ("AWS/SNS", "B")]
    assert outside["metrics"][1]["percentiles"] == ("p99",)


def test_where_nothing_is_watched_nothing_is_streamed() -> None:
    assert streamed("ap-northeast-1", ecs={}, health={}) == [None]
    assert streamed("ap-northeast-1", new_relic={}) == [None, None]
    (home,) = streamed("ap-northeast-1", part(None, "A"), ecs={}, health={})
    assert names(home) == [("AWS/SNS", "A")]
