"""CPU credits of burstable classes, as in AWS's credit table."""

import json
from importlib.resources import files

import pytest

from ecs_monitoring.catalog import instance_class, most_cpu_credits


# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html
@pytest.mark.parametrize(
    ("name", "credits"),
    [
        ("db.t3.micro", 288),
        ("db.t3.small", 576),
        ("db.t3.medium", 576),
        ("db.t3.large", 864),
        ("db.t3.xlarge", 2304),
        ("db.t3.2xlarge", 4608),
        ("db.t4g.micro", 288),
        ("db.t4g.2xlarge", 4608),
        # With 30 launch credits a vCPU: 144 + 30, which is AWS's own example, and 1958.4 + 240.
        ("db.t2.micro", 174),
        ("db.t2.2xlarge", 2198.4),
        # 12, 24, 36 and 54 an hour for a day, and 30 for each of 1, 2, 2 and 4 vCPUs.
        ("db.t2.small", 318),
        ("db.t2.medium", 636),
        ("db.t2.large", 924),
        ("db.t2.xlarge", 1416),
        ("db.m6g.large", None),
    ],
)
def test_most_cpu_credits(name: str, credits: float | None) -> None:
    most = most_cpu_credits(instance_class(name))
    assert most == (credits if credits is None else pytest.approx(credits))


def test_every_burstable_class_has_its_credits() -> None:
    data = files("ecs_monitoring.catalog").joinpath("instance_classes.json").read_text()
    burstable = [name for name in json.loads(data)["classes"] if name.startswith("db.t")]
    assert len(burstable) >= 18
    assert [name for name in burstable if most_cpu_credits(instance_class(name)) is None] == []
