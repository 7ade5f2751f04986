"""Health checks: the guide's values, what differs from them, and outside checks."""

from typing import Any

import pytest
from pydantic import ValidationError

from ecs_monitoring.rules import HEALTH
from ecs_monitoring.rules.health import (
    TARGET_GROUP_HEALTH_CHECK,
    HealthTarget,
    health_check_differences,
)
from ecs_monitoring.rules.off_hours import OffHours

GROUP_ARN = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/django-tg/0123"

# As AWS answers; the guide's own health check but for its path: see docs/django-health.md.
LIVE: dict[str, Any] = {
    "enabled": True,
    "path": "/livez",
    "port": "traffic-port",
    "protocol": "HTTP",
    "healthy_threshold": 3,
    "unhealthy_threshold": 2,
    "timeout": 5,
    "interval": 30,
    "matcher": "200",
}


def test_the_guides_health_check_has_no_differences() -> None:
    assert health_check_differences(LIVE) == []


def test_the_guides_own_path_is_no_difference_either() -> None:
    assert health_check_differences({**LIVE, "path": "/health/"}) == []


def test_the_table_is_the_guides() -> None:
    assert {**LIVE, "enabled": True} == {**TARGET_GROUP_HEALTH_CHECK, "enabled": True}


@pytest.mark.parametrize(
    ("field", "live"),
    [
        ("path", "/"),
        ("port", "8000"),
        ("protocol", "HTTPS"),
        ("healthy_threshold", 5),
        ("unhealthy_threshold", 3),
        ("timeout", 10),
        ("interval", 15),
        ("matcher", "200-399"),
        ("matcher", None),
    ],
)
def test_each_difference_is_named_with_both_values(field: str, live: Any) -> None:
    (difference,) = health_check_differences({**LIVE, field: live})
    assert field in difference
    assert repr(live) in difference
    assert repr(LIVE[field]) in difference


def test_numbers_may_come_as_text() -> None:
    assert health_check_differences({**LIVE, "timeout": "5", "interval": "30"}) == []


def test_every_difference_is_named() -> None:
    assert len(health_check_differences({})) == len(TARGET_GROUP_HEALTH_CHECK)


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "https://www.example.com/health/"},
        {"url": "http://example.com:8080"},
        {"target_group": GROUP_ARN, "verify": True},
        {"target_group": GROUP_ARN, "verify": True, "url": "https://example.com/"},
    ],
)
def test_something_is_checked(fields: dict[str, Any]) -> None:
    assert HealthTarget(**fields).model_dump(exclude_unset=True) == fields


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "checks nothing"),
        ({"target_group": GROUP_ARN}, "checks nothing"),
        ({"verify": True}, "write its ARN in target_group"),
        ({"verify": True, "url": "https://example.com/"}, "write its ARN in target_group"),
        ({"target_group": "targetgroup/django-tg/0123", "verify": True}, "no target group ARN"),
        (
            {"target_group": GROUP_ARN.replace("targetgroup", "loadbalancer/app"), "verify": True},
            "no target group ARN",
        ),
        ({"url": "www.example.com/health/"}, "is no URL"),
        ({"url": "ftp://example.com/"}, "is no URL"),
        ({"url": "https:///health/"}, "is no URL"),
        ({"url": "https://exa mple.com/"}, "is no URL"),
        ({"url": "https://example.com:port/"}, "is no URL"),
        ({"url": "https://example.com:0/"}, "is no URL"),
        ({"url": "https://user:secret@example.com/"}, "scheme, host, port and path alone"),
        ({"url": "https://:secret@example.com/"}, "scheme, host, port and path alone"),
        ({"url": "https://example.com/?key=1"}, "scheme, host, port and path alone"),
        ({"url": "https://example.com/#top"}, "scheme, host, port and path alone"),
        # Route 53: at most 255 characters in FullyQualifiedDomainName and in ResourcePath.
        # https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
        ({"url": f"https://{'h' * 256}/"}, "255"),
        *(
            ({"url": f"https://{host}/health/"}, "is a private host, which Route 53 cannot reach")
            for host in (
                *("localhost", "LOCALHOST.", "web", "web.local", "api.internal", "a.localhost"),
                # https://www.iana.org/assignments/iana-ipv4-special-registry
                *("127.0.0.1", "10.0.0.7", "172.16.4.1", "192.168.1.1", "169.254.169.254"),
                *("100.64.0.1", "0.0.0.0"),
                # The same loopback address, as inet_aton(3) takes it.
                *("127.1", "0x7f.1", "0177.0.0.1", "2130706433"),
                # https://www.iana.org/assignments/special-use-domain-names
                *("shop.test", "shop.onion"),
                "internal-shop-123.ap-northeast-1.elb.amazonaws.com",
            )
        ),
        ({"url": f"https://example.com/{'p' * 255}"}, "255"),
    ],
)
def test_what_cannot_be_checked(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        HealthTarget(**fields)


def test_what_is_checked_from_outside_keeps_its_off_hours() -> None:
    nights = OffHours(stop="cron(0 20 ? * * *)", start="cron(0 7 ? * * *)")
    url = "https://shop.example.com/livez"
    (name, target), *others = HEALTH.targets(
        {
            "shop": HealthTarget(url=url, off_hours=nights),
            "compared": HealthTarget(target_group=GROUP_ARN, verify=True),
        }
    ).items()
    assert (name, target.url, target.off_hours, others) == ("shop", url, nights, [])
