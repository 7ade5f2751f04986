"""Log groups without events."""

from account.coverage.finding import FindingKind, Gravity
from account.coverage.read import region_findings
from account.coverage.silence import quiet_groups
from tests.account.coverage.values import LOGS, metric_filter, only, own, raw, running, view

ERRORS, SECURITY = "logs.app.errors", "logs.app.security"
ALARMS = [
    own(f"logs.{rule}@app", (LOGS, f"logs.app.{rule}"), severity=severity, Statistic="Sum")
    for rule, severity in (("errors", "warning"), ("security", "critical"))
]
FILTERS = tuple(metric_filter("/ecs/app", name, has_default=True) for name in (ERRORS, SECURITY))
NO_DIMENSIONS = frozenset({frozenset[tuple[str, str]]()})


def test_no_event_at_all_is_one_finding() -> None:
    region = view(alarms=ALARMS, inventory=running(metric_filters=FILTERS), metrics={})
    one = only(quiet_groups(region))
    assert one.kind is FindingKind.NO_DATA
    assert one.gravity is Gravity.HIGH
    assert one.id == "no-data:ap-northeast-1:logs:/ecs/app"
    assert one.alarms == ("logs.errors@app", "logs.security@app")
    assert region_findings(region)[0] == one
    alarms = [found.subject for found in region_findings(region) if found.subject in one.alarms]
    assert alarms == []


def test_for_warnings_it_is_less_grave() -> None:
    region = view(alarms=ALARMS[:1], inventory=running(metric_filters=FILTERS), metrics={})
    assert only(quiet_groups(region)).gravity is Gravity.MEDIUM


def test_events_without_errors_make_data() -> None:
    known = {(LOGS, name): NO_DIMENSIONS for name in (ERRORS, SECURITY)}
    region = view(alarms=ALARMS, inventory=running(metric_filters=FILTERS), metrics=known)
    assert list(quiet_groups(region)) == []


def test_a_filter_without_a_default_says_nothing() -> None:
    """It makes data only of what matches."""
    filters = (metric_filter("/ecs/app", ERRORS),)
    region = view(alarms=ALARMS[:1], inventory=running(metric_filters=filters), metrics={})
    assert list(quiet_groups(region)) == []


def test_others_alarms_are_their_own_affair() -> None:
    region = view(
        others=[raw("x", (LOGS, ERRORS))], inventory=running(metric_filters=FILTERS), metrics={}
    )
    assert list(quiet_groups(region)) == []


def test_what_could_not_be_looked_at() -> None:
    for inventory, known in (
        (running(metric_filters=FILTERS), None),
        (running(metric_filters=None), {}),
        (None, {}),
    ):
        assert list(quiet_groups(view(alarms=ALARMS, inventory=inventory, metrics=known))) == []
