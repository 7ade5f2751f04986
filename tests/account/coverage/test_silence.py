"""Alarms that see nothing."""

from datetime import timedelta
from typing import Any

import pytest

from account.alarms import LiveAlarm
from account.coverage.finding import Finding, FindingKind, Gravity
from account.coverage.known_metrics import nearest
from account.coverage.silence import silent
from ecs_monitoring.cloudwatch.definition import MetricKey
from tests.account.coverage.values import (
    ALB,
    BALANCER,
    ECS,
    LONG_AGO,
    NOW,
    database,
    in_ecs,
    only,
    own,
    raw,
    running,
    service,
    stat,
    view,
)
from tests.account.values import dims

CPU = own("ecs.cpu-high@web", ECS, in_ecs(), severity="warning")
SOURCE = frozenset(in_ecs().items())
KEY = MetricKey(namespace=ECS[0], name=ECS[1], dimensions=SOURCE)


def found(alarm: LiveAlarm, **parts: Any) -> list[Finding]:
    return list(silent(view(alarms=[alarm], **parts)))


def waiting(since: Any = LONG_AGO, **changes: Any) -> LiveAlarm:
    return own(
        "ecs.cpu-high@web",
        ECS,
        in_ecs(),
        StateValue="INSUFFICIENT_DATA",
        StateTransitionedTimestamp=since,
        **changes,
    )


class TestNoData:
    """Nothing known of a metric with exactly an alarm's dimensions."""

    def test_there_is_data(self) -> None:
        assert found(CPU, metrics={ECS: frozenset({SOURCE})}) == []

    def test_a_wrong_dimension(self) -> None:
        """The service is called otherwise; the nearest name comes first."""
        known = {ECS: frozenset({dims(**in_ecs("jobs")), dims(**in_ecs("webs"))})}
        finding = only(found(CPU, metrics=known))
        assert finding.kind is FindingKind.NO_DATA
        assert finding.gravity is Gravity.MEDIUM
        assert finding.words == (
            "AWS/ECS CPUUtilization (ClusterName main, ServiceName web) has had no data for two "
            "weeks; there is some for (ClusterName main, ServiceName webs), (ClusterName main, "
            "ServiceName jobs). The alarm cannot go off."
        )
        assert "Compare ecs.web in Pulumi.prod.yaml" in finding.fix

    def test_fewer_or_more_dimensions_are_another_metric(self) -> None:
        whole = dims(ClusterName="main")
        part = dims(**in_ecs(), ContainerName="app")
        finding = only(found(CPU, metrics={ECS: frozenset({whole, part})}))
        assert "(ClusterName main)" in finding.words
        assert "(ClusterName main, ContainerName app, ServiceName web)" in finding.words

    def test_the_same_dimensions_of_another_name(self) -> None:
        memory = ("AWS/ECS", "MemoryUtilization")
        finding = only(found(CPU, metrics={memory: frozenset({SOURCE})}))
        assert "no other metric of that name either" in finding.words

    def test_a_critical_alarm_is_graver(self) -> None:
        alarm = own("ecs.tasks-low@web", ECS, in_ecs(), TreatMissingData="breaching")
        finding = only(found(alarm, metrics={}))
        assert finding.gravity is Gravity.HIGH
        assert finding.words.endswith("The alarm takes that for a breach and is on all the time.")

    @pytest.mark.parametrize("statistic", ["Sum", "SampleCount"])
    def test_errors_that_never_happened(self, statistic: str) -> None:
        """The metric exists only when something happens: nothing to cry about."""
        alarm = own(
            "alb.target-5xx@shop",
            (ALB, "HTTPCode_Target_5XX_Count"),
            {"LoadBalancer": BALANCER},
            TreatMissingData="notBreaching",
            Statistic=statistic,
        )
        finding = only(found(alarm, metrics={}))
        assert finding.gravity is Gravity.INFO
        assert not finding.is_actionable
        assert "weeks. That is normal" in finding.words
        assert finding.fix.startswith("Nothing, if that is so. Otherwise compare alb.shop in")

    @pytest.mark.parametrize(
        ("statistic", "treatment"), [("Average", "notBreaching"), ("Sum", "missing")]
    )
    def test_no_errors_where_no_data_means_something_else(
        self, statistic: str, treatment: str
    ) -> None:
        alarm = own(
            "alb.latency-high@shop",
            (ALB, "x"),
            {"LoadBalancer": BALANCER},
            Statistic=statistic,
            TreatMissingData=treatment,
        )
        assert only(found(alarm, metrics={})).is_actionable

    def test_of_metric_math_only_what_has_none(self) -> None:
        metrics = [
            stat("errors", (ALB, "Errors"), {"LoadBalancer": BALANCER}, "Sum"),
            stat("requests", (ALB, "RequestCount"), {"LoadBalancer": BALANCER}, "Sum"),
            {"Id": "rate", "Expression": "errors / requests"},
        ]
        alarm = own("alb.target-5xx-rate@shop", Metrics=metrics, TreatMissingData="notBreaching")
        known = {(ALB, "RequestCount"): frozenset({dims(LoadBalancer=BALANCER)})}
        finding = only(found(alarm, metrics=known))
        assert finding.gravity is Gravity.INFO
        assert "Errors" in finding.words
        assert "RequestCount" not in finding.words

    def test_metric_math_of_which_not_all_counts(self) -> None:
        """That there were no requests may be; that none took any time may not."""
        metrics = [
            stat("requests", (ALB, "RequestCount"), {"LoadBalancer": BALANCER}, "Sum"),
            stat("time", (ALB, "TargetResponseTime"), {"LoadBalancer": BALANCER}),
        ]
        alarm = own("alb.slow@shop", Metrics=metrics, TreatMissingData="notBreaching")
        assert only(found(alarm, metrics={})).is_actionable

    @pytest.mark.parametrize(
        ("metric", "dimension", "is_normal"),
        [
            # An idle queue has no data, and a dead-letter queue is idle on a good day.
            (("AWS/SQS", "ApproximateNumberOfMessagesVisible"), "QueueName", True),
            # Nobody says when a metric without a sheet is published.
            (("AWS/SQS", "ApproximateAgeOfOldestMessage"), "QueueName", False),
            # Published while there are requests, which a service is there for.
            ((ALB, "TargetResponseTime"), "LoadBalancer", False),
            # Published whether there is one or not.
            ((ALB, "UnHealthyHostCount"), "LoadBalancer", False),
        ],
    )
    @pytest.mark.parametrize("treatment", ["notBreaching", "missing"])
    def test_what_is_idle_on_a_good_day(
        self, metric: tuple[str, str], dimension: str, is_normal: bool, treatment: str
    ) -> None:
        alarm = own(
            "delivery.dead-letters@critical",
            metric,
            {dimension: "dead"},
            TreatMissingData=treatment,
            Statistic="Maximum",
        )
        is_actionable = not (is_normal and treatment == "notBreaching")
        assert only(found(alarm, metrics={})).is_actionable is is_actionable

    def test_what_wants_no_tasks_has_none(self) -> None:
        """ECS publishes nothing for a service without running tasks."""
        idle = running(clusters=("main",), services=(service(desired=0),))
        finding = only(found(CPU, metrics={}, inventory=idle))
        assert finding.gravity is Gravity.INFO
        assert "normal for something that wants no task at the moment" in finding.words

    def test_what_is_gone_is_said_elsewhere(self) -> None:
        assert found(CPU, metrics={}, inventory=running(clusters=())) == []

    def test_others_alarms_are_their_own_affair(self) -> None:
        assert list(silent(view(others=[raw("x", ECS, in_ecs())], metrics={}))) == []

    def test_nobody_could_be_asked(self) -> None:
        assert found(CPU, metrics=None) == []


class TestArchive:
    """What is recorded counts where CloudWatch tells nothing, and adds to what it tells."""

    def test_nothing_recorded(self) -> None:
        finding = only(found(CPU, metrics=None, recorded={KEY: False}))
        assert finding.words.startswith("The archive has no record of AWS/ECS CPUUtilization")

    def test_something_recorded(self) -> None:
        assert found(CPU, metrics=None, recorded={KEY: True}) == []

    def test_it_stopped(self) -> None:
        finding = only(found(CPU, metrics={}, recorded={KEY: True}))
        assert "no data for two weeks, though the archive has older records." in finding.words

    def test_cloudwatch_knows_better(self) -> None:
        assert found(CPU, metrics={ECS: frozenset({SOURCE})}, recorded={KEY: False}) == []


class TestInsufficientData:
    """Alarms that have waited for data for weeks."""

    def test_the_limit(self) -> None:
        known = {ECS: frozenset({SOURCE})}
        two_weeks = timedelta(days=14)
        assert found(waiting(NOW - two_weeks), metrics=known) == []
        finding = only(found(waiting(NOW - two_weeks - timedelta(seconds=1)), metrics=known))
        assert finding.kind is FindingKind.INSUFFICIENT_DATA
        assert finding.gravity is Gravity.HIGH
        assert finding.words.startswith(
            "ecs.cpu-high@web has been in INSUFFICIENT_DATA for 14 days."
        )
        assert "Its metrics have data, but not in enough of its periods." in finding.words

    def test_its_cause_is_said_with_it(self) -> None:
        """One finding, not two: the metric has no data, and its nearest is named."""
        known = {ECS: frozenset({dims(**in_ecs("webs"))})}
        finding = only(found(waiting(), metrics=known))
        assert finding.kind is FindingKind.INSUFFICIENT_DATA
        assert "for 30 days. AWS/ECS CPUUtilization" in finding.words
        assert "ServiceName webs" in finding.words

    def test_without_the_transition_the_last_update_counts(self) -> None:
        alarm = waiting(None, StateUpdatedTimestamp=NOW - timedelta(days=20))
        assert "for 20 days" in only(found(alarm)).words

    def test_a_reason_that_was_written_lately_says_nothing(self) -> None:
        alarm = waiting(LONG_AGO, StateUpdatedTimestamp=NOW)
        assert "for 30 days" in only(found(alarm)).words

    def test_another_state(self) -> None:
        alarm = own("ecs.cpu-high@web", ECS, in_ecs(), StateTransitionedTimestamp=LONG_AGO)
        assert found(alarm) == []

    def test_a_short_wait_without_data(self) -> None:
        finding = only(found(waiting(NOW - timedelta(hours=1)), metrics={}))
        assert finding.kind is FindingKind.NO_DATA

    def test_nobody_knows_whether_there_is_data(self) -> None:
        finding = only(found(waiting(), metrics=None))
        assert finding.words.endswith("Whether its metrics have data is not known.")
        assert "Compare ecs.web" in finding.fix

    def test_a_composite_alarm(self) -> None:
        alarm = own(
            "ecs.any@web",
            AlarmRule='ALARM("x")',
            StateValue="INSUFFICIENT_DATA",
            StateTransitionedTimestamp=LONG_AGO,
        )
        assert "It is a rule over other alarms: see theirs." in only(found(alarm, metrics={})).words

    def test_a_stopped_database(self) -> None:
        alarm = own(
            "rds.cpu-high@main",
            ("AWS/RDS", "CPUUtilization"),
            {"DBInstanceIdentifier": "orders"},
            StateValue="INSUFFICIENT_DATA",
            StateTransitionedTimestamp=LONG_AGO,
        )
        idle = running(databases=(database(status="stopped"),))
        finding = only(found(alarm, metrics={}, inventory=idle))
        assert finding.gravity is Gravity.INFO
        assert "something that is stopped" in finding.words


def test_the_nearest_dimensions() -> None:
    """Those with the same names come first, then the likest values; three at most."""
    wanted = dims(Service="django-app")
    known = frozenset(
        {
            dims(Service="zzz"),
            dims(Service="django-apps"),
            dims(Service="django"),
            dims(Service="django-app", Route="/"),
            dims(),
        }
    )
    assert nearest(wanted, known) == [
        dims(Service="django-apps"),
        dims(Service="django"),
        dims(Service="zzz"),
    ]
    assert nearest(wanted, frozenset()) == []
