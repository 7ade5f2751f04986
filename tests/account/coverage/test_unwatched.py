"""What runs and no alarm is about."""

from account.coverage.finding import FindingKind, Gravity
from account.coverage.inventory import Inventory
from account.coverage.unwatched import unwatched
from tests.account.coverage.values import (
    ECS,
    INSIGHTS,
    PROJECT,
    SCALING,
    database,
    found_in,
    in_ecs,
    only,
    own,
    raw,
    running,
    service,
    service_alarms,
    stat,
    view,
)

ONE_SERVICE = running(clusters=("main",), services=(service(),))


def test_without_an_inventory_there_is_nothing_to_find() -> None:
    assert list(unwatched(view())) == []


def test_a_service_that_nobody_watches() -> None:
    finding = only(found_in(ONE_SERVICE))
    assert finding.kind is FindingKind.UNWATCHED
    assert finding.gravity is Gravity.HIGH
    assert finding.key == "ecs:main/web"
    assert "ECS service web (cluster main) runs, and no alarm watches it" in finding.words
    assert finding.settings.splitlines() == [
        f"  {PROJECT}:ecs:",
        "    web:",
        "      cluster: main",
        "      service: web",
        "      container_insights: false",
        "      min_running_tasks: 3",
    ]


def test_a_service_that_the_stack_watches() -> None:
    assert found_in(ONE_SERVICE, alarms=service_alarms()) == []


def test_a_service_of_the_same_name_in_another_cluster() -> None:
    """Each dimension counts: one of two is another service."""
    two = running(services=(service(), service(cluster="batch")))
    finding = only(found_in(two, alarms=service_alarms()))
    assert finding.key == "ecs:batch/web"
    assert "    batch-web:" in finding.settings.splitlines()


def test_an_alarm_on_the_whole_cluster_is_about_no_service() -> None:
    whole = raw("cluster", ECS, {"ClusterName": "main"})
    assert only(found_in(ONE_SERVICE, others=[whole])).kind is FindingKind.UNWATCHED


def test_more_dimensions_than_its_own_are_about_a_part_of_it() -> None:
    container = raw("c", (INSIGHTS, "CpuUtilized"), {**in_ecs(), "ContainerName": "app"})
    assert only(found_in(ONE_SERVICE, others=[container])).kind is FindingKind.WATCHED_BY_OTHERS


def test_the_same_dimensions_of_another_namespace_are_about_something_else() -> None:
    custom = raw("c", ("Shop", "CPUUtilization"), in_ecs())
    assert only(found_in(ONE_SERVICE, others=[custom])).kind is FindingKind.UNWATCHED


def test_watched_by_others_alone() -> None:
    foreign = raw("team-cpu", ECS, in_ecs())
    finding = only(found_in(ONE_SERVICE, others=[foreign]))
    assert finding.kind is FindingKind.WATCHED_BY_OTHERS
    assert not finding.is_actionable
    assert "watched by others, not by this stack: team-cpu." in finding.words
    assert "No alarm stands for ecs.memory-high, ecs.tasks-low." in finding.words
    assert finding.alarms == ("team-cpu",)
    assert "service: web" in finding.settings


def test_watched_by_another_stack_of_the_project() -> None:
    names = {"cpu": "CPUUtilization", "memory": "MemoryUtilization"}
    theirs = [
        raw(f"{PROJECT}-other-ecs-web-{name}", ("AWS/ECS", metric), in_ecs())
        for name, metric in names.items()
    ]
    tasks = raw(f"{PROJECT}-other-ecs-web-tasks-low", ECS, in_ecs(), Statistic="SampleCount")
    finding = only(found_in(ONE_SERVICE, others=[*theirs, tasks]))
    assert finding.words.startswith("ECS service web (cluster main) is watched by another stack of")
    assert "No alarm stands for" not in finding.words


def test_an_average_stands_for_no_count_of_tasks() -> None:
    """The number of samples is the number of tasks, which an average does not know."""
    others = [
        raw("cpu", ECS, in_ecs()),
        raw("memory", ("AWS/ECS", "MemoryUtilization"), in_ecs()),
    ]
    assert "No alarm stands for ecs.tasks-low." in only(found_in(ONE_SERVICE, others=others)).words


def test_alarms_that_only_scale_watch_nothing() -> None:
    scaling = raw(
        "TargetTracking-service/main/web-AlarmHigh", ECS, in_ecs(), AlarmActions=[SCALING]
    )
    finding = only(found_in(ONE_SERVICE, others=[scaling]))
    assert finding.kind is FindingKind.UNWATCHED
    assert "tell nobody: TargetTracking-service/main/web-AlarmHigh." in finding.words


def test_a_query_over_the_namespace_is_mentioned() -> None:
    query = 'SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/RDS", DBInstanceIdentifier)'
    fleet = raw("fleet", Metrics=[{"Id": "q", "Expression": query}])
    by_key = {
        one.key: one.words
        for one in found_in(running(services=(service(),), databases=(database(),)), others=[fleet])
    }
    assert "fleet may be about it" in by_key["rds:orders"]
    assert "fleet" not in by_key["ecs:main/web"]
    silent = {**fleet, "AlarmActions": []}
    one = only(found_in(running(databases=(database(),)), others=[silent]))
    assert "fleet" not in one.words


def test_a_service_keeps_as_many_tasks_as_it_scales_in_to() -> None:
    finding = only(found_in(running(services=(service(desired=8, least=2),))))
    assert "      min_running_tasks: 2" in finding.settings.splitlines()


def test_a_service_that_wants_no_tasks_is_worth_a_remark() -> None:
    idle = running(services=(service(desired=0),))
    finding = only(found_in(idle))
    assert finding.gravity is Gravity.INFO
    assert "But it wants no task at the moment." in finding.words
    assert "min_running_tasks: 0" in finding.settings
    scaled = running(services=(service(desired=0, least=1),))
    assert only(found_in(scaled)).gravity is Gravity.HIGH


def test_names_of_targets_are_free() -> None:
    """The stack's web is another service; two services of the region want the same name."""
    services = (service("web--app", "a"), service("web-app", "b"), service("web-app", "c"))
    alarms = [own("ecs.cpu-high@web-app", ECS, in_ecs("x", "x"))]
    named = {
        one.key: one.settings.splitlines()[1].strip(" :")
        for one in found_in(running(services=services), alarms=alarms)
    }
    assert named == {
        "ecs:a/web--app": "a-web-app",
        "ecs:b/web-app": "b-web-app",
        "ecs:c/web-app": "c-web-app",
    }


def test_what_the_settings_have_is_to_be_deployed() -> None:
    declared = {"ecs": {"shop": {"cluster": "main", "service": "web"}}}
    finding = only(found_in(ONE_SERVICE, declared=declared))
    assert finding.kind is FindingKind.UNWATCHED
    assert finding.fix == "Pulumi.prod.yaml has it as ecs.shop already: deploy the stack."
    assert finding.settings == ""


def test_what_could_not_be_looked_at_is_not_found() -> None:
    nothing = Inventory(
        clusters=None,
        services=None,
        load_balancers=None,
        target_groups=None,
        databases=None,
        log_groups=None,
        metric_filters=None,
    )
    assert found_in(nothing) == []


def test_metric_math_stands_for_the_rule_that_needs_all_of_it() -> None:
    """ecs.tasks-low compares two metrics of Container Insights."""
    inventory = running(services=(service(container_insights=True),))
    running_tasks = stat("r", (INSIGHTS, "RunningTaskCount"), in_ecs())
    desired = stat("d", (INSIGHTS, "DesiredTaskCount"), in_ecs())
    half = only(found_in(inventory, others=[raw("x", Metrics=[running_tasks])]))
    assert "ecs.tasks-low" in half.words
    both = only(found_in(inventory, others=[raw("x", Metrics=[running_tasks, desired])]))
    assert "ecs.tasks-low" not in both.words
