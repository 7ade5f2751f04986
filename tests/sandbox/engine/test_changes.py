"""One change in the settings touches what it is about, and nothing else."""

from collections.abc import Iterator

import pytest

from sandbox.emulator import Emulator
from sandbox.engine import PulumiEngine
from sandbox.engine_deployer import EngineStack, engine_deployer
from sandbox.outcome import Deployment, ResourceAction, ResourceChange
from stack.config import StackConfig
from tests.sandbox.engine.small import small

_API = "ecs.api={cluster: django-ecs-cluster, service: api, container_insights: true}"


def _done(outcome: Deployment, action: ResourceAction) -> set[str]:
    return {f"{c.type.rpartition(':')[2]} {c.name}" for c in outcome.of(action)}


def _touched(outcome: Deployment) -> list[ResourceChange]:
    return [c for c in outcome.changes if c.action is not ResourceAction.SAME]


@pytest.fixture(scope="module")
def deployed(engine: PulumiEngine, shared_emulator: Emulator) -> Iterator[EngineStack]:
    """One stack for all changes."""
    shared_emulator.reset()
    with engine_deployer(engine, shared_emulator) as deployer:
        yield deployer.stack(small())


@pytest.fixture
def prod(deployed: EngineStack) -> EngineStack:
    """The stack as it is without a change."""
    deployed.configure(small())
    deployed.up()
    return deployed


def test_an_override_that_the_dashboard_draws_updates_the_alarm_and_the_dashboard(
    prod: EngineStack,
) -> None:
    prod.configure(small("alarms.ecs.cpu-high={threshold: 77}"))
    preview = prod.preview()
    outcome = prod.up()
    for told in (preview, outcome):
        assert [(c.action, c.name, c.properties) for c in _touched(told)] == [
            (ResourceAction.UPDATE, "ecs.web-cpu-high", ("threshold",)),
            (ResourceAction.UPDATE, "dashboard", ("dashboardBody",)),
        ]


def test_an_override_that_is_not_drawn_updates_the_alarm_alone(
    prod: EngineStack, shared_emulator: Emulator
) -> None:
    prod.configure(small("alarms.ecs.cpu-high={treat_missing_data: breaching}"))
    assert [(c.action, c.name, c.properties) for c in _touched(prod.up())] == [
        (ResourceAction.UPDATE, "ecs.web-cpu-high", ("treatMissingData",))
    ]
    alarm = shared_emulator.client("cloudwatch", "ap-northeast-1").describe_alarms(
        AlarmNames=["django-ecs-monitoring-prod-ecs-web-cpu-high"]
    )["MetricAlarms"][0]
    assert alarm["TreatMissingData"] == "breaching"


def test_an_override_of_a_severity_moves_the_alarm_to_the_other_topic(prod: EngineStack) -> None:
    prod.configure(small("alarms.ecs.cpu-high={severity: critical}"))
    touched = _touched(prod.up())
    assert {c.action for c in touched} == {ResourceAction.UPDATE}
    assert [c.name for c in touched if c.type.endswith(":MetricAlarm")] == ["ecs.web-cpu-high"]


def test_a_target_added_and_taken_away_touches_its_own_resources_and_the_dashboard(
    prod: EngineStack,
) -> None:
    prod.configure(small(_API))
    added = prod.up()
    own = _done(added, ResourceAction.CREATE)
    assert own
    assert all(name.startswith("MetricAlarm ecs.api-") for name in own)
    assert _done(added, ResourceAction.UPDATE) == {"Dashboard dashboard"}
    assert not added.of(ResourceAction.DELETE)
    assert not added.of(ResourceAction.REPLACE)

    prod.configure(small())
    removed = prod.up()
    assert _done(removed, ResourceAction.DELETE) == own
    assert _done(removed, ResourceAction.UPDATE) == {"Dashboard dashboard"}
    assert not removed.of(ResourceAction.CREATE)
    assert not removed.of(ResourceAction.REPLACE)


def test_a_mail_address_added_subscribes_it_and_does_nothing_else(prod: EngineStack) -> None:
    prod.configure(small("alerts.emails.warning=[team@example.com, second@example.com]"))
    assert [(c.action, c.name) for c in _touched(prod.up())] == [
        (ResourceAction.CREATE, "alerts-warning-email-second@example.com")
    ]


def test_another_link_and_time_zone_change_the_schedule_where_it_is(prod: EngineStack) -> None:
    prod.configure(small("review={reminder: true, link: docs/x.md, timezone: Europe/Berlin}"))
    outcome = prod.up()
    assert [(c.action, c.name, c.properties) for c in _touched(outcome)] == [
        (ResourceAction.UPDATE, "review-reminder", ("scheduleExpressionTimezone", "target.input"))
    ]
    assert prod.preview(expect_no_changes=True).is_unchanged


def _window(name: str, hour: int) -> StackConfig:
    schedule = f"schedule: 'cron(0 {hour} * * SUN)', duration: 1h, timezone: Asia/Tokyo"
    return small(f"alerts.mutes={{{name}: {{{schedule}}}}}")


def _mute_rules(name: str) -> set[str]:
    return {f"AlarmMuteRule {of}.mute-{name}" for of in ("ecs", "delivery")}


def test_a_window_moves_where_it_is_and_is_another_one_under_another_name(
    prod: EngineStack,
) -> None:
    prod.configure(_window("nights", 3))
    assert _done(prod.up(), ResourceAction.CREATE) == _mute_rules("nights")
    prod.configure(_window("nights", 4))
    moved = prod.up()
    assert _done(moved, ResourceAction.UPDATE) == _mute_rules("nights")
    assert {c.properties for c in _touched(moved)} == {("rule.schedule.expression",)}
    assert prod.preview(expect_no_changes=True).is_unchanged

    prod.configure(_window("sundays", 4))
    renamed = prod.up()
    assert _done(renamed, ResourceAction.CREATE) == _mute_rules("sundays")
    assert _done(renamed, ResourceAction.DELETE) == _mute_rules("nights")
    assert len(_touched(renamed)) == 4


def test_a_reminder_switched_off_and_on_again_touches_its_own_resources(
    prod: EngineStack,
) -> None:
    own = {f"{kind} review-reminder" for kind in ("Role", "RolePolicy", "Schedule")}
    prod.configure(small("review={}"))
    off = prod.up()
    assert _done(off, ResourceAction.DELETE) == own
    assert {c.action for c in _touched(off)} == {ResourceAction.DELETE}
    prod.configure(small())
    on = prod.up()
    assert _done(on, ResourceAction.CREATE) == own
    assert {c.action for c in _touched(on)} == {ResourceAction.CREATE}


def test_a_topic_from_elsewhere_is_reminded_by_a_schedule_of_its_own(prod: EngineStack) -> None:
    team = "arn:aws:sns:ap-northeast-1:123456789012:team"
    prod.configure(small(f"alerts.topics.warning=['{team}']"))
    outcome = prod.up()
    assert _done(outcome, ResourceAction.CREATE) == {"Schedule review-reminder.2"}
    assert "RolePolicy review-reminder" in _done(outcome, ResourceAction.UPDATE)
    assert not outcome.of(ResourceAction.REPLACE)


def test_incidents_come_over_the_alarms_and_go_before_them(prod: EngineStack) -> None:
    """AWS refuses a rule that names nothing, and to delete an alarm that a rule names."""
    paging = "alerts.paging=incident"
    prod.configure(small(paging))
    assert "CompositeAlarm incidents.ecs.web" in _done(prod.up(), ResourceAction.CREATE)
    database = "rds.main={instance: d, engine: postgres, instance_class: db.t4g.small, "
    prod.configure(small(paging, database + "allocated_storage_gib: 100}"))
    on = prod.up()
    assert "CompositeAlarm incidents.rds.main" in _done(on, ResourceAction.CREATE)
    assert "CompositeAlarm incidents.ecs.web" in _done(on, ResourceAction.UPDATE)
    assert not on.of(ResourceAction.REPLACE)
    assert prod.preview(expect_no_changes=True).is_unchanged
    # The alarms of the database go, and with them what its incident was to the tasks'.
    prod.configure(small(paging))
    gone = prod.up()
    assert "CompositeAlarm incidents.rds.main" in _done(gone, ResourceAction.DELETE)
    assert "CompositeAlarm incidents.ecs.web" in _done(gone, ResourceAction.UPDATE)
    assert not gone.of(ResourceAction.REPLACE)
    prod.destroy()


def test_another_tag_updates_what_carries_tags_and_replaces_nothing(prod: EngineStack) -> None:
    prod.configure(small("tags.Team=web"))
    outcome = prod.up()
    touched = _touched(outcome)
    assert {c.action for c in touched} == {ResourceAction.UPDATE}
    assert {c.properties for c in touched} == {("tags.Team", "tagsAll.Team")}
    carriers = {c.urn for c in touched}
    assert carriers == {r.urn for r in outcome.registrations if "tags" in r.inputs}


def test_another_topic_name_replaces_the_topics_and_keeps_every_alarm(prod: EngineStack) -> None:
    prod.configure(small("alerts.topic_name=other"))
    outcome = prod.up()
    replaced = _done(outcome, ResourceAction.REPLACE)
    assert {"Topic alerts-critical", "Topic alerts-warning"} <= replaced
    assert not any(name.startswith(("MetricAlarm", "Key", "Dashboard")) for name in replaced)
    assert prod.preview(expect_no_changes=True).is_unchanged
