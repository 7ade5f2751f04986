"""What is allowed and probably not meant: alarms that nobody hears, addresses that are examples."""

import json

import pytest

from tests.settings.refusal import warned

PATH = "django-ecs-monitoring:alerts.emails"
QUEUE = "arn:aws:sqs:ap-northeast-1:123456789012:alarms"
TOPIC = "arn:aws:sns:ap-northeast-1:123456789012:pager"

# A page that a mail can link to, so that only what a test is about is warned of.
PAGE = "runbooks=https://wiki.example.jp/runbooks"


def warnings(*changes: str, stack: str = "prod") -> tuple[str, ...]:
    return warned(PAGE, *changes, stack=stack)


def nobody(severity: str, more: str = "") -> str:
    return f"nobody is notified of {severity} alarms{more}: add an address to {PATH}.{severity}"


def placeholder(email: str, severity: str) -> str:
    return f"{email} is a placeholder and gets no notifications: change it in {PATH}.{severity}"


def test_the_shipped_addresses_are_called_placeholders() -> None:
    assert warnings(stack="prod") == (
        placeholder("oncall@example.com", "critical"),
        placeholder("team@example.com", "warning"),
    )
    # Nothing in staging is critical, so that nobody needs to hear of it.
    assert warnings(stack="staging") == (placeholder("team@example.com", "warning"),)


@pytest.mark.parametrize(
    ("alerts", "unheard"),
    [
        ({}, ["critical", "warning"]),
        ({"emails": {"critical": [], "warning": []}}, ["critical", "warning"]),
        ({"emails": {"critical": ["a@b.jp"]}}, ["warning"]),
        ({"emails": {"warning": ["a@b.jp"]}}, ["critical"]),
        ({"queues": {"critical": [QUEUE]}, "topics": {"warning": [TOPIC]}}, []),
        ({"emails": {"critical": ["a@b.jp"], "warning": ["c@d.jp"]}}, []),
        ({"notify_on_recovery": ["critical"], "encryption": True}, ["critical", "warning"]),
    ],
    ids=["nothing", "empty", "critical", "warning", "no mail", "all", "no endpoints"],
)
def test_a_severity_that_nobody_hears_of_is_warned_of(
    alerts: dict[str, object], unheard: list[str]
) -> None:
    assert warnings(f"alerts={json.dumps(alerts)}", "review={}") == tuple(map(nobody, unheard))


def test_a_severity_without_alarms_needs_nobody() -> None:
    assert warnings("alerts={}", stack="staging") == (nobody("warning"),)


def test_an_outside_check_alone_makes_a_severity_used() -> None:
    assert warnings("alerts={}", "health.site.url=https://www.example.com/", stack="staging") == (
        nobody("critical"),
        nobody("warning"),
    )


@pytest.mark.parametrize("changes", [[], ["ecs={}", "alb={}", "rds={}", "logs={}", "app={}"]])
def test_a_reminder_that_nobody_hears_of_is_warned_of(changes: list[str]) -> None:
    """It is a warning, whether or not any alarm is one."""
    found = warnings("alerts={emails: {critical: [a@b.jp]}}", "review={reminder: true}", *changes)
    told = [warning for warning in found if "watches nothing" not in warning]
    assert told == [nobody("warning", ", nor of the reminder to review them")]


def test_an_override_may_leave_nobody_for_a_severity() -> None:
    mail = "alerts={emails: {warning: [a@b.jp]}}"
    assert nobody("critical") in warnings(
        mail, "alarms.ecs.cpu-high@web.severity=critical", stack="staging"
    )


# The domains that are kept for examples: https://www.rfc-editor.org/rfc/rfc2606#section-3
@pytest.mark.parametrize("domain", ["example.com", "example.org", "example.net", "Example.COM"])
def test_an_example_s_domain_is_a_placeholder(domain: str) -> None:
    alerts = {"emails": {"critical": [f"oncall@{domain}", "a@b.jp"], "warning": ["a@b.jp"]}}
    assert warnings(f"alerts={json.dumps(alerts)}") == (
        placeholder(f"oncall@{domain}", "critical"),
    )


@pytest.mark.parametrize("domain", ["example.jp", "notexample.com", "example.com.jp"])
def test_other_domains_are_real(domain: str) -> None:
    alerts = {"emails": {"critical": [f"a@{domain}"], "warning": [f"a@{domain}"]}}
    assert warnings(f"alerts={json.dumps(alerts)}") == ()


GROUP = "targetgroup/admin/aaaa456789abcdef"
SECOND = {"load_balancer": "app/django-alb/1234567890", "target_groups": {"admin": GROUP}}


def twice(*changes: str) -> list[str]:
    found = warned(f"alb.admin={json.dumps(SECOND)}", *changes, stack="prod")
    return [warning for warning in found if "twice" in warning]


def test_two_targets_of_one_load_balancer_are_told_that_they_notify_twice() -> None:
    (warning,) = twice()
    assert warning.startswith("django-ecs-monitoring:alb.admin: 6 alarms (alb.target-5xx,")
    assert "target main watches the same already" in warning


def test_what_the_warning_offers_ends_it() -> None:
    each = [f"alb.{name}.per_target_group=true" for name in ("main", "admin")]
    assert twice(*each, "alb.admin.load_balancer_alarms=false") == []
    # One step alone leaves what it leaves.
    assert "2 alarms (alb.elb-5xx, alb.rejected-connections)" in twice(*each)[0]


def test_alarms_that_are_switched_off_notify_nobody_twice() -> None:
    keys = ("target-5xx", "target-5xx-rate", "elb-5xx", "latency-high", "latency-p99")
    off = {f"alb.{key}@admin": {"enabled": False} for key in (*keys, "rejected-connections")}
    assert twice(f"alarms={json.dumps(off)}") == []


def test_a_service_that_is_watched_under_two_names() -> None:
    second = {"cluster": "django-ecs-cluster", "service": "django-app-service"}
    found = warned(f"ecs.again={json.dumps(second)}", stack="prod")
    (warning,) = (one for one in found if "twice" in one)
    assert "2 alarms (ecs.cpu-high, ecs.memory-high)" in warning
    assert "remove one of the two targets" in warning


@pytest.mark.parametrize("page", ["docs/runbooks.md", "the wiki", "ftp://wiki.example.jp/runbooks"])
def test_a_runbook_that_a_mail_cannot_link_to_is_warned_of(page: str) -> None:
    (warning,) = (warning for warning in warned(f"runbooks={page}") if "runbook" in warning)
    assert f"alarms name {page} as their runbook" in warning
    assert warning.endswith("write the page's https URL in django-ecs-monitoring:runbooks")


# Who is on call is in the company's network, too.
@pytest.mark.parametrize("page", ["https://10.1.2.3/runbooks", "http://wiki.internal/r#top"])
def test_a_page_that_opens_is_none_to_warn_of(page: str) -> None:
    assert not [w for w in warned(f"runbooks={page}") if "runbook" in w]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ("runbooks=http://localhost/runbooks", "runbooks"),
        ("runbooks=https://127.1/runbooks", "runbooks"),
        (
            "alarms.rds.cpu-high.runbook=http://app.localhost:8000/cpu",
            'alarms["rds.cpu-high"].runbook',
        ),
    ],
)
def test_a_link_to_one_s_own_machine_is_warned_of(change: str, path: str) -> None:
    (warning,) = (one for one in warned(PAGE, change) if "machine" in one)
    assert warning.startswith(f"django-ecs-monitoring:{path}: http")
    assert "is the machine of whoever opens it: write the address of a page" in warning


LOGS = "django-ecs-monitoring:logs.app"


def formats(*changes: str) -> list[str]:
    """The places of the patterns that are warned of, in a group of text."""
    target = "logs.app={group: /ecs/web, format: text}"
    found = warnings("alerts={emails: {critical: [a@b.jp], warning: [c@d.jp]}}", target, *changes)
    assert all("write django-ecs-monitoring:logs.app.format: json if" in one for one in found)
    return [one.partition(" reads properties of JSON objects")[0] for one in found]


def test_a_pattern_of_json_on_lines_of_text_is_warned_of() -> None:
    assert formats("logs.app.patterns.slow.pattern='{ $.elapsed > 3 }'") == [
        f"{LOGS}.patterns.slow.pattern"
    ]
    assert formats("logs.app.built_in.errors='{ $.level = ERROR }'") == [f"{LOGS}.built_in.errors"]
    assert formats() == formats("logs.app.patterns.slow.pattern=?SlowQuery") == []


def test_words_fit_lines_of_json() -> None:
    changes = ("logs.app={group: /ecs/web, format: json}", "logs.app.patterns.x.pattern=?Slow")
    assert not [one for one in warnings(*changes) if "reads properties" in one]


def test_patterns_that_may_find_nothing_are_warned_of() -> None:
    text = {
        "last": {"pattern": "[level = ERROR]"},
        "either": {"pattern": "error or warning"},
        "first": {"pattern": "[level = ERROR, ...]"},
    }
    targets = {
        "app": {"group": "/ecs/web", "format": "text", "patterns": text},
        "api": {"group": "/ecs/api", "format": "json", "built_in": {"errors": "[level = FATAL]"}},
    }
    found = [one for one in warnings(f"logs={json.dumps(targets)}") if "logs.a" in one]
    last, either, fields = found
    assert last.startswith(f"{LOGS}.patterns.last.pattern ends in level, ")
    assert last.endswith("where it does, write [level = ERROR, ...]")
    assert either.startswith(f"{LOGS}.patterns.either.pattern may not ask what it seems to: ")
    assert either.endswith("; write ?error ?warning")
    assert fields.startswith("django-ecs-monitoring:logs.api.built_in.errors reads words of a line")
    assert fields.endswith('the lines are JSON objects: write { $.level = "FATAL" }')
