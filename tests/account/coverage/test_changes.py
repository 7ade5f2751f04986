"""The whole against the emulator, where something is not as it should be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from account.coverage.finding import Gravity
from tests.account.coverage.emulated import Shop, actionable, ecs_alarms, open_shop, read
from tests.account.coverage.values import ACCOUNT, HOME, PLACE, pairs
from tests.account.emulated import Deployment


@pytest.fixture
def shop(deployment: Deployment) -> Shop:
    """A shop of its own for each test."""
    return open_shop(deployment)


def test_a_service_that_was_renamed(shop: Shop, deployment: Deployment) -> None:
    topic = deployment.topic("critical")
    ecs_alarms(deployment, topic, "shop-ap", "old")
    gone = actionable(read())[f"gone:{HOME}:ecs:main/shop-ap"]
    assert len(gone.alarms) == 3


def test_weeks_without_data(shop: Shop, deployment: Deployment) -> None:
    """Weeks from now, since nobody can set the emulator's times."""
    topic = deployment.topic("critical")
    deployment.alarm(
        "app.latency@web",
        "critical",
        [topic],
        state="INSUFFICIENT_DATA",
        Namespace="Django/API",
        MetricName="ResponseTime",
        Dimensions=pairs({"Service": "web"}),
    )
    shop.data("Django/API", "ResponseTime", Service="webs")
    name = "django-ecs-monitoring-prod-app-web-latency"
    soon = actionable(read())[f"no-data:{HOME}:{name}"]
    assert "there is some for (Service webs)." in soon.words
    later = read(now=datetime.now(UTC) + timedelta(days=15))
    findings = actionable(later)[f"insufficient-data:{HOME}:{name}"]
    assert findings.gravity is Gravity.HIGH
    assert "for 15 days" in findings.words


def test_nobody_hears(shop: Shop, deployment: Deployment) -> None:
    deployment.client("cloudwatch").disable_alarm_actions(
        AlarmNames=["django-ecs-monitoring-prod-ecs-web-cpu-high"]
    )
    arn = f"arn:aws:sns:{HOME}:{ACCOUNT}:django-app-alerts-django-ecs-monitoring-prod-critical"
    subscriptions = deployment.client("sns").list_subscriptions()["Subscriptions"]
    for subscription in subscriptions:
        deployment.client("sns").unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
    findings = actionable(read())
    assert f"muted:{HOME}:actions-disabled" in findings
    assert f"muted:{HOME}:no-subscribers:{arn}" in findings
    # It is watched nevertheless: that nobody hears of it is said once.
    assert f"unwatched:{HOME}:ecs:main/web" not in findings


def test_outside_checks_have_only_their_alarms_elsewhere(shop: Shop) -> None:
    """In us-east-1 others' services run, which are no affair of a stack in Tokyo."""
    elsewhere = Shop("us-east-1")
    elsewhere.cluster("theirs")
    elsewhere.service("theirs", "web")
    outside = Deployment(region="us-east-1")
    outside.alarm(
        "health.endpoint-down@site",
        "critical",
        [outside.topic("critical")],
        Namespace="AWS/Route53",
        MetricName="HealthCheckStatus",
        TreatMissingData="breaching",
    )
    coverage = read()
    assert set(coverage.looked_at) == {HOME}
    assert [finding.id for finding in coverage.findings if finding.region == "us-east-1"] == [
        "no-data:us-east-1:django-ecs-monitoring-prod-health-site-endpoint-down"
    ]


def test_regions_that_are_asked_for(shop: Shop) -> None:
    elsewhere = Shop("us-east-1")
    elsewhere.cluster("main")
    elsewhere.service("main", "web")
    coverage = read(replace(PLACE, regions=(HOME, "us-east-1")))
    assert set(coverage.looked_at) == {HOME, "us-east-1"}
    assert "unwatched:us-east-1:ecs:main/web" in actionable(coverage)
