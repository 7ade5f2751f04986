"""What an operator reads off a stack: alarms by key, topics, the dashboard, what is left out."""

import pytest

from stack.program import ProgramRun
from tests.components.registered import ALARM, alarms, targets_alarms, wire
from tests.components.small import RunWith
from tests.stacks.rows import LEFT_OUT, MATH_KEYS, ROWS, topic_arn

ARN = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/django-tg/1"
NO_TARGETS = ("ecs={}", "alb={}", "rds={}", "logs={}", "app={}")


def sections_alarms(run: ProgramRun) -> set[str]:
    """The addresses that a run exports, without those of the notifications themselves."""
    arns = {alarm.arn for alarm in targets_alarms(run)}
    return {address for address, arn in run.exports["alarms"].items() if arn in arns}


def test_every_alarm_is_exported_by_its_address(stack: ProgramRun) -> None:
    assert set(stack.exports["alarms"].values()) == {alarm.arn for alarm in stack.of_type(ALARM)}
    assert len(stack.exports["alarms"]) == len(stack.of_type(ALARM))


def test_addresses_are_key_and_target(prod: ProgramRun) -> None:
    """The handle of overrides; a target group's alarm says whose it is."""
    targets = {"ecs": "web", "alb": "main", "rds": "main", "logs": "app", "app": "web"}
    groups = {"alb.unhealthy-hosts": "main/web", "alb.no-healthy-hosts": "main/web"}
    assert set(prod.exports["alarms"]) >= {
        f"{key}@{groups.get(key, targets[key.partition('.')[0]])}" for key in {*ROWS, *MATH_KEYS}
    }


def test_an_alarms_tags_are_its_address(stack: ProgramRun) -> None:
    """Whoever finds the alarm in AWS finds its override and its runbook."""
    tags = {alarm.arn: alarm.inputs["tags"] for alarm in stack.of_type(ALARM)}
    for address, arn in stack.exports["alarms"].items():
        assert f"{tags[arn]['AlarmKey']}@{tags[arn]['Target']}" == address


def test_topics_by_severity(prod: ProgramRun, staging: ProgramRun) -> None:
    assert prod.exports["topics"] == {
        severity: topic_arn("prod", severity) for severity in ("critical", "warning")
    }
    assert staging.exports["topics"] == {"warning": topic_arn("staging", "warning")}


def test_the_dashboard_and_where_it_opens(prod: ProgramRun, staging: ProgramRun) -> None:
    """Monitoring guide: Django-App-Overview; the URL is the one of AWS's console."""
    console = "https://ap-northeast-1.console.aws.amazon.com/cloudwatch/home"
    for run, name in (
        (prod, "Django-App-Overview-django-ecs-monitoring-prod"),
        (staging, "Django-App-Overview-django-ecs-monitoring-staging"),
    ):
        assert run.exports["dashboard_name"] == name
        assert run.exports["dashboard_url"] == (
            f"{console}?region=ap-northeast-1#dashboards/dashboard/{name}"
        )


def test_what_is_left_out_and_what_would_turn_it_on(prod: ProgramRun) -> None:
    omitted = prod.exports["omitted_alarms"]
    assert set(omitted) == LEFT_OUT
    assert "read_replica" in omitted["rds.replica-lag@main"]
    assert "enabled: true" in omitted["app.cache-hit-rate-low@web"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "omitted"),
    [
        (["rds.main.performance_insights=false"], {"rds.db-load@main": "Performance Insights"}),
        (["rds.main.instance_class=db.m7g.large"], {"rds.cpu-credits@main": "db.m7g.large"}),
        (["rds.main.engine=mysql"], {"rds.transaction-ids@main": "mysql"}),
        (
            ["alb.main.target_groups={}"],
            {
                "alb.unhealthy-hosts@main": "target_groups",
                "alb.no-healthy-hosts@main": "target_groups",
            },
        ),
        (
            ["rds.main={instance: a, engine: aurora-postgresql, instance_class: db.t4g.medium}"],
            {
                "rds.storage-low@main": "aurora-postgresql",
                "rds.ebs-io-balance@main": "aurora-postgresql",
                "rds.ebs-byte-balance@main": "aurora-postgresql",
                "rds.db-load@main": "Performance Insights",
            },
        ),
    ],
)
def test_a_targets_nature_leaves_alarms_out(
    run_with: RunWith, changes: list[str], omitted: dict[str, str]
) -> None:
    """Each of them by itself, and with the reason."""
    run = run_with(*changes)
    found = {a: r for a, r in run.exports["omitted_alarms"].items() if a not in LEFT_OUT}
    assert set(found) == set(omitted)
    assert all(reason in found[address] for address, reason in omitted.items())
    assert set(found).isdisjoint(run.exports["alarms"])


@pytest.mark.slow
def test_a_replica_has_its_lag_watched(run_with: RunWith) -> None:
    """AWS recommended alarms: ReplicaLag Maximum > 60 s for ten minutes."""
    run = run_with("rds.main.read_replica=true")
    assert "rds.replica-lag@main" in run.exports["alarms"]
    expected = {
        "comparisonOperator": "GreaterThanThreshold",
        "threshold": 60,
        "evaluationPeriods": 10,
        "treatMissingData": "missing",
    }
    alarm = alarms(run)["rds.replica-lag@main"]
    assert wire(alarm, *expected) == expected
    (metric,) = (q["metric"] for q in alarm.inputs["metricQueries"] if "metric" in q)
    read = [metric[name] for name in ("metricName", "stat", "period")]
    assert read == ["ReplicaLag", "Maximum", 60]


@pytest.mark.slow
@pytest.mark.parametrize("section", ["ecs", "alb", "rds", "logs", "app"])
def test_a_section_left_out_leaves_its_part_out(
    run_with: RunWith, prod: ProgramRun, section: str
) -> None:
    """But for the alarms of the notifications, which follow from what all sections send."""
    before, after = sections_alarms(prod), sections_alarms(run_with(f"{section}={{}}"))
    left = {address for address in before if not address.startswith(f"{section}.")}
    assert after == left
    assert left < before


def test_nothing_to_watch_exports_empty_mappings(run_with: RunWith) -> None:
    """Whoever reads the exports finds mappings, whatever is in them."""
    exports = run_with(*NO_TARGETS, "review={}").exports
    assert exports["alarms"] == {}
    assert exports["omitted_alarms"] == {}
    assert exports["topics"] == {}


@pytest.mark.slow
def test_a_comparison_alone_has_no_alarm_and_works(run_with: RunWith) -> None:
    """Verify compares a live target group, and there is nothing to alarm about."""
    run = run_with(f"health.web={{target_group: '{ARN}', verify: true}}")
    assert {a for a in run.exports["alarms"] if a.startswith("health.")} == set()


@pytest.mark.slow
def test_an_outside_check_is_exported_too(run_with: RunWith) -> None:
    run = run_with("health.web={url: 'https://www.example.com/health/'}")
    assert run.exports["alarms"]["health.endpoint-down@web"] == (
        "arn:aws:cloudwatch:us-east-1:123456789012:alarm:"
        "django-ecs-monitoring-prod-health-web-endpoint-down"
    )
