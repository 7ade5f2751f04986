"""Every mistake is reported in the same run, those of single alarms too."""

import json

from tests.settings.refusal import problem_at, refused

# One mistake in each section and one of each kind, with the path that each is reported at.
MISTAKES = {
    # Keys and values.
    "tgs.Team=a": "tgs",
    "ecs.web.servce=x": "ecs.web.servce",
    "ecs.worker={cluster: c}": "ecs.worker.service",
    "rds.other={instance: d, engine: mongo, instance_class: db.m6g.large}": "rds.other.engine",
    "logs.access={group: /ecs/access, retention_days: 31}": "logs.access.retention_days",
    "app.admin={service: 3}": "app.admin.service",
    "health={site: {}}": "health.site",
    "alerts.emails.critical=[oncall]": "alerts.emails.critical[0]",
    "alerts.emails.urgent=[a@example.jp]": "alerts.emails.urgent",
    "review={reminder: true, schedule: weekly}": "review.schedule",
    "tags.Team=a;b": "tags.Team",
    # Overrides that reach nothing.
    "alarms.ecs.cpu-hihg.threshold=3": 'alarms["ecs.cpu-hihg"]',
    "alarms.alb.target-5xx@mian.threshold=3": 'alarms["alb.target-5xx@mian"]',
    # Rules.
    "alarms.alb.latency-high.threshold=-1": 'alarms["alb.latency-high"].threshold',
    "alarms.alb.elb-5xx.period=90": 'alarms["alb.elb-5xx"].period',
    "alarms.app.latency-p95.datapoints_to_alarm=6": 'alarms["app.latency-p95"].datapoints_to_alarm',
    "alarms.logs.errors.evaluation_periods=289": 'alarms["logs.errors"].evaluation_periods',
    "rds.main.instance_class=db.x9.huge": "rds.main.instance_class",
}


def test_all_mistakes_of_a_stack_are_reported_at_once() -> None:
    error = refused(*MISTAKES)
    paths = {problem.path.removeprefix("django-ecs-monitoring:") for problem in error.problems}
    assert paths == set(MISTAKES.values())
    assert all(f"django-ecs-monitoring:{path}" in str(error) for path in MISTAKES.values())


def test_a_plain_text_webhook_is_reported_beside_other_mistakes() -> None:
    error = refused(
        "alerts.webhooks.critical={pagerduty: 'https://events.pagerduty.com/key'}",
        "ecs.web.service=3",
        "alarms.rds.cpu-high.threshold=101",
    )
    assert len(error.problems) == 3
    assert problem_at(error, "alerts.webhooks.critical.pagerduty").value == "[secret]"


def test_both_mistakes_of_one_override_are_reported() -> None:
    fields = {"threshold": 101, "period": 45, "datapoints_to_alarm": 2}
    error = refused(f"alarms={json.dumps({'ecs.cpu-high': fields})}")
    assert {problem.path.rpartition(".")[2] for problem in error.problems} == set(fields)


def test_one_mistake_of_two_targets_is_reported_for_each() -> None:
    error = refused(
        "ecs.api={cluster: c, service: s}",
        "alarms={'ecs.cpu-high': {threshold: 101}}",
    )
    assert {problem.fix.split(": ")[0] for problem in error.problems} == {
        "alarm ecs.cpu-high@web",
        "alarm ecs.cpu-high@api",
    }


def test_an_override_is_checked_though_the_only_target_of_its_kind_is_wrong() -> None:
    error = refused("rds.main.engine=mongo", "alarms.rds.cpu-high.threshold=101")
    assert {problem.path for problem in error.problems} == {
        "django-ecs-monitoring:rds.main.engine",
        'django-ecs-monitoring:alarms["rds.cpu-high"].threshold',
    }


def test_an_override_of_a_target_that_is_itself_wrong_is_not_called_unknown() -> None:
    error = refused("ecs.web.service=3", "alarms.ecs.cpu-high@web.threshold=85")
    assert [problem.path for problem in error.problems] == ["django-ecs-monitoring:ecs.web.service"]


def test_an_override_of_a_target_in_a_section_that_is_wrong_is_not_called_unknown() -> None:
    error = refused("ecs=[web]", "alarms.ecs.cpu-high@web.threshold=85")
    assert [problem.path for problem in error.problems] == ["django-ecs-monitoring:ecs"]


def test_mistakes_come_in_the_order_of_the_settings() -> None:
    error = refused("tags.Team=a;b", "alb.main.load_balancer=x", "ecs.web.service=3")
    assert [problem.path.split(":")[1].split(".")[0] for problem in error.problems] == [
        *("ecs", "alb", "tags")
    ]


def test_one_mistake_is_one_error_and_two_are_errors() -> None:
    assert str(refused("ecs.web.service=3")).startswith(
        "1 settings error in Pulumi.prod.yaml; nothing was changed.\n"
        "  - django-ecs-monitoring:ecs.web.service: 3\n"
        "      write a text"
    )
    assert str(refused("ecs.web.service=3", "q=1", stack="staging")).startswith(
        "2 settings errors in Pulumi.staging.yaml; nothing was changed.\n"
    )


def test_a_page_of_runbooks_that_is_too_long_is_one_mistake() -> None:
    # With 1,000 characters no description has room for a title and a sentence beside it.
    error = refused(f"runbooks=https://wiki.example.jp/{'r' * 1000}")
    assert {problem.path for problem in error.problems} == {"django-ecs-monitoring:runbooks"}
