"""Keys that are no keys, keys that are missing, and values of the wrong type."""

import pytest

from tests.settings.refusal import ANY, NOTHING, Mistake, mistakes, problem_at, refused

FIELDS = (
    "threshold, period, evaluation_periods, datapoints_to_alarm, treat_missing_data, recent, "
    "recent_by_hour, severity, enabled, runbook"
)


@mistakes(
    {
        "section": Mistake("esc.web.service=x", "esc", NOTHING, 'did you mean "ecs"?'),
        "section like none": Mistake("q=1", "q", NOTHING, "write one of: ecs, alb, rds, logs, app"),
        "ecs key": Mistake("ecs.web.servce=x", "ecs.web.servce", "x", 'did you mean "service"?'),
        "ecs key like none": Mistake(
            "ecs.web.q=1",
            "ecs.web.q",
            1,
            "write one of: cluster, service, container_insights, min_running_tasks",
        ),
        "alb key": Mistake(
            "alb.main.targetgroups=[]",
            "alb.main.targetgroups",
            [],
            'did you mean "target_groups"?',
        ),
        "rds key": Mistake(
            "rds.main.max_conections=9",
            "rds.main.max_conections",
            9,
            'did you mean "max_connections"?',
        ),
        "logs key": Mistake(
            "logs.app.retention=30", "logs.app.retention", 30, 'did you mean "retention_days"?'
        ),
        "pattern key": Mistake(
            "logs.app.patterns={p: {pattern: x, treshold: 2}}",
            "logs.app.patterns.p.treshold",
            2,
            'did you mean "threshold"?',
        ),
        "app key": Mistake("app.web.servise=x", "app.web.servise", "x", 'did you mean "service"?'),
        "health key": Mistake(
            "health={h: {urll: x, url: https://www.example.com/}}",
            "health.h.urll",
            "x",
            'did you mean "url"?',
        ),
        "alerts key": Mistake("alerts.email={}", "alerts.email", ANY, 'did you mean "emails"?'),
        "review key": Mistake(
            "review.schedul=rate(91 days)", "review.schedul", ANY, 'did you mean "schedule"?'
        ),
        "override key": Mistake(
            "alarms.ecs.cpu-high.treshold=85",
            'alarms["ecs.cpu-high"].treshold',
            85,
            'did you mean "threshold"?',
        ),
        "override key like none": Mistake(
            "alarms.ecs.cpu-high.q=1",
            'alarms["ecs.cpu-high"].q',
            1,
            f"write one of: {FIELDS}",
        ),
    }
)
def test_an_unknown_key_is_answered_with_the_nearest(mistake: Mistake) -> None:
    mistake.check()


@mistakes(
    {
        "alarm key": Mistake(
            "alarms.ecs.cpu-hihg.threshold=85",
            'alarms["ecs.cpu-hihg"]',
            NOTHING,
            'unknown alarm key "ecs.cpu-hihg"; did you mean "ecs.cpu-high"?',
        ),
        "alarm key with a hyphen for its dot": Mistake(
            "alarms={ecs-cpu-high: {threshold: 85}}",
            "alarms.ecs-cpu-high",
            NOTHING,
            'did you mean "ecs.cpu-high"?',
        ),
        "target": Mistake(
            "alarms.ecs.cpu-high@wbe.threshold=85",
            'alarms["ecs.cpu-high@wbe"]',
            NOTHING,
            'unknown target "wbe"; did you mean "web"?',
        ),
        "target of another kind": Mistake(
            "alarms.ecs.cpu-high@main.threshold=85",
            'alarms["ecs.cpu-high@main"]',
            NOTHING,
            'unknown target "main"; write one of: web',
        ),
        "target where there is none": Mistake(
            "alarms.health.endpoint-down@site.threshold=1",
            'alarms["health.endpoint-down@site"]',
            NOTHING,
            'unknown target "site"',
        ),
        "part of a target": Mistake(
            "alarms.alb.no-healthy-hosts@main/wbe.enabled=false",
            'alarms["alb.no-healthy-hosts@main/wbe"]',
            NOTHING,
            'unknown target group "wbe"; did you mean "web"?',
        ),
        "part of a target with one alarm": Mistake(
            "alarms.alb.elb-5xx@main/web.enabled=false",
            'alarms["alb.elb-5xx@main/web"]',
            NOTHING,
            "alb.elb-5xx@main is one alarm, without parts: write alb.elb-5xx@main",
        ),
        "part of a target that is none": Mistake(
            "alarms.alb.no-healthy-hosts@mian/web.enabled=false",
            'alarms["alb.no-healthy-hosts@mian/web"]',
            NOTHING,
            'unknown target "mian"; did you mean "main"?',
        ),
        "own pattern that no log has": Mistake(
            "alarms.logs.payments.threshold=3",
            'alarms["logs.payments"]',
            NOTHING,
            'unknown alarm key "logs.payments"',
        ),
        "own pattern of another log": Mistake(
            "alarms.logs.payments@other.threshold=3",
            'alarms["logs.payments@other"]',
            NOTHING,
            "payments",
            besides=(
                "logs.app.patterns={payments: {pattern: x}}",
                "logs.other={group: /ecs/other}",
            ),
        ),
        "nothing in it": Mistake(
            "alarms={ecs.cpu-high: {}}",
            'alarms["ecs.cpu-high"]',
            NOTHING,
            f"changes nothing: write one of {FIELDS}",
        ),
    }
)
def test_an_override_must_reach_a_rule(mistake: Mistake) -> None:
    mistake.check()


def test_an_override_of_a_pattern_that_is_itself_wrong_is_not_called_unknown() -> None:
    error = refused("logs.app.patterns={mine: {pattern: '[x'}}", "alarms.logs.mine.threshold=3")
    assert [problem.path for problem in error.problems] == [
        "django-ecs-monitoring:logs.app.patterns.mine.pattern"
    ]


@pytest.mark.parametrize(
    ("target", "left_out"),
    [
        ("ecs.web={service: s}", "ecs.web.cluster"),
        ("ecs.web={cluster: c}", "ecs.web.service"),
        ("alb.main={target_groups: []}", "alb.main.load_balancer"),
        ("rds.main={engine: mysql, instance_class: db.t3.micro}", "rds.main.instance"),
        ("rds.main={instance: d, instance_class: db.t3.micro}", "rds.main.engine"),
        ("rds.main={instance: d, engine: mysql}", "rds.main.instance_class"),
        ("logs.app={format: text}", "logs.app.group"),
        ("logs.app.patterns={p: {threshold: 2}}", "logs.app.patterns.p.pattern"),
        ("app.web={}", "app.web.service"),
    ],
)
def test_a_required_key_that_is_missing_is_named(target: str, left_out: str) -> None:
    problem = problem_at(refused(target), left_out)
    assert problem.value == ""
    assert problem.fix == f"is missing: write {left_out.rpartition('.')[2]}: <value>"


WHOLE = "write a whole number, without quotes"
NUMBER = "write a number, without quotes"
TRUTH = "write true or false, without quotes"
MAPPING = "write a mapping of keys to values"
CPU = 'alarms["ecs.cpu-high"]'


@mistakes(
    {
        "quoted whole number": Mistake(
            "ecs.web.min_running_tasks='2'", "ecs.web.min_running_tasks", "2", WHOLE
        ),
        "fraction for a whole number": Mistake(
            "ecs.web.min_running_tasks=2.5", "ecs.web.min_running_tasks", 2.5, WHOLE
        ),
        "bool for a whole number": Mistake(
            "ecs.web.min_running_tasks=true", "ecs.web.min_running_tasks", True, WHOLE
        ),
        "bool for a period": Mistake(f"{CPU}.period=true", f"{CPU}.period", True, WHOLE),
        "quoted period": Mistake(f"{CPU}.period='60'", f"{CPU}.period", "60", WHOLE),
        "fraction for a period": Mistake(f"{CPU}.period=300.5", f"{CPU}.period", 300.5, WHOLE),
        "quoted threshold": Mistake(f"{CPU}.threshold='80'", f"{CPU}.threshold", "80", NUMBER),
        "bool for a threshold": Mistake(f"{CPU}.threshold=true", f"{CPU}.threshold", True, NUMBER),
        "number for a bool": Mistake(
            "ecs.web.container_insights=1", "ecs.web.container_insights", 1, TRUTH
        ),
        "quoted bool": Mistake(
            "ecs.web.container_insights='true'", "ecs.web.container_insights", "true", TRUTH
        ),
        "text for reminder": Mistake("review.reminder='on'", "review.reminder", "on", TRUTH),
        "list for the review": Mistake("review=[a]", "review", ["a"], MAPPING),
        "text for enabled": Mistake(f"{CPU}.enabled='no'", f"{CPU}.enabled", "no", TRUTH),
        "number for a text": Mistake("ecs.web.cluster=3", "ecs.web.cluster", 3, "write a text"),
        "nothing for a text": Mistake(
            "ecs.web.cluster=null", "ecs.web.cluster", None, "write a text"
        ),
        "number for a runbook": Mistake(f"{CPU}.runbook=3", f"{CPU}.runbook", 3, "write a text"),
        "number for a version": Mistake(
            "rds.main.engine_version=10.4", "rds.main.engine_version", 10.4, "write a text"
        ),
        "list for a section": Mistake("ecs=[a]", "ecs", ["a"], MAPPING),
        "text for a section": Mistake("logs=/ecs/django-app", "logs", "/ecs/django-app", MAPPING),
        "list for the overrides": Mistake("alarms=[a]", "alarms", ["a"], MAPPING),
        "list for a target": Mistake("ecs.web=[a]", "ecs.web", ["a"], MAPPING),
        "text for a target": Mistake("ecs.web=a", "ecs.web", "a", MAPPING),
        "nothing for a target": Mistake("ecs.web=null", "ecs.web", None, MAPPING),
        "number for an override": Mistake("alarms.ecs.cpu-high=80", CPU, 80, MAPPING),
        "list for the tags": Mistake("tags=[a]", "tags", ["a"], MAPPING),
        "number for a tag": Mistake("tags.Team=1", "tags.Team", 1, "write a text"),
        "text for a list": Mistake(
            "alerts.notify_on_recovery=critical",
            "alerts.notify_on_recovery",
            "critical",
            "write a list",
        ),
        "unknown severity": Mistake(
            f"{CPU}.severity=urgent", f"{CPU}.severity", "urgent", "'critical' or 'warning'"
        ),
        "unknown missing data": Mistake(
            f"{CPU}.treat_missing_data=notbreaching",
            f"{CPU}.treat_missing_data",
            "notbreaching",
            "'missing', 'ignore', 'breaching' or 'notBreaching'",
        ),
        "unknown log format": Mistake(
            "logs.app.format=xml", "logs.app.format", "xml", "'text' or 'json'"
        ),
    }
)
def test_a_value_of_the_wrong_type_is_answered_with_the_right_one(mistake: Mistake) -> None:
    mistake.check()
