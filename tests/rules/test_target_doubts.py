"""Fields of targets that AWS may have so, and that are probably not meant."""

from collections.abc import Callable
from typing import Any

import pytest

from ecs_monitoring.rules import ALB, RDS

AURORA = {"engine": "aurora-postgresql", "instance_class": "db.r6g.large"}


def rds_doubts(target_of: Callable[..., Any], **fields: Any) -> dict[str, str]:
    return dict(target_of(RDS, **fields).doubts())


# "You must set the maximum storage threshold to at least 10% more than the current allocated
# storage.": https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
@pytest.mark.parametrize(
    ("size", "ceiling", "least"),
    [(100, 101, 110), (100, 109, 110), (95, 104, 105), (100, 110, None), (95, 105, None)],
)
def test_a_ceiling_that_rds_would_not_reach(
    target_of: Callable[..., Any], size: int, ceiling: int, least: int | None
) -> None:
    doubts = rds_doubts(target_of, allocated_storage_gib=size, max_allocated_storage_gib=ceiling)
    if least is None:
        assert doubts == {}
    else:
        assert doubts["max_allocated_storage_gib"].endswith(f"raise the ceiling to {least} or more")


def test_aurora_has_no_volume(target_of: Callable[..., Any]) -> None:
    assert rds_doubts(target_of, **AURORA, storage_type="gp3").keys() == {
        "allocated_storage_gib",
        "storage_type",
    }
    assert rds_doubts(target_of, **AURORA, allocated_storage_gib=None) == {}


def test_ids_that_are_shorter_than_any_of_aws(target_of: Callable[..., Any]) -> None:
    short = target_of(
        ALB, load_balancer="app/web/1", target_groups={"web": "targetgroup/web/0123456"}
    )
    assert [field for field, _ in short.doubts()] == ["load_balancer", "target_groups"]
    # The ids of AWS's own examples.
    whole = target_of(
        ALB,
        load_balancer="app/my-load-balancer/50dc6c495c0c9188",
        target_groups={"web": "targetgroup/my-targets/73e2d6bc24d8a067"},
    )
    assert list(whole.doubts()) == []
