"""Overrides with which an alarm could no longer go on or off, each worked out by hand."""

import pytest

from tests.settings.refusal import ANY, Mistake, mistakes, run_changed


@mistakes(
    {
        # CPU credits come every five minutes: of five periods of a minute four are empty.
        "periods-between-datapoints": Mistake(
            "alarms.rds.cpu-credits={period: 60, evaluation_periods: 5}",
            'alarms["rds.cpu-credits"].period',
            60,
            "CPUCreditBalance has a datapoint every 300 s, so that periods between them are "
            "empty: write a multiple of 300",
            besides=("rds.main.instance_class=db.t4g.small",),
        ),
        # RDS publishes a sample a minute: in a minute there is always less than two.
        "more-samples-than-there-are": Mistake(
            "alarms.rds.no-data.threshold=2",
            'alarms["rds.no-data"].threshold',
            2,
            "the alarm would always be on, since CPUUtilization SampleCount is at most 1: write 1 "
            "or less",
        ),
        # ELB publishes errors only in minutes that have some: there is no value below 1, and what
        # would end the alarm is ignored.
        "nothing-that-ends-it": Mistake(
            "alarms.alb.target-5xx={threshold: 1, treat_missing_data: ignore}",
            'alarms["alb.target-5xx"].threshold',
            1,
            "once on, the alarm would never be off again, since HTTPCode_Target_5XX_Count Sum is "
            "at least 1: write more than 1",
        ),
        # No task, no sample, no datapoint: what is no breach then leaves the alarm asleep.
        "silence-of-all-tasks": Mistake(
            "alarms.ecs.tasks-low.treat_missing_data=notBreaching",
            'alarms["ecs.tasks-low"].treat_missing_data',
            "notBreaching",
            "without a single sample there is no datapoint, so write breaching",
            besides=("ecs.web.container_insights=false",),
        ),
        # And the other way round: no error, no datapoint, which is what all is well looks like.
        "on-while-nothing-is-wrong": Mistake(
            "alarms.alb.target-5xx.treat_missing_data=breaching",
            'alarms["alb.target-5xx"].treat_missing_data',
            "breaching",
            "is published only where there is something to count: write notBreaching",
        ),
        # ReplicaLag -1, replication stopped, counts as ten years behind.
        "more-lag-than-without-replication": Mistake(
            "alarms.rds.replica-lag.threshold=1e9",
            'alarms["rds.replica-lag"].threshold',
            1e9,
            "is at most 315,360,000 s: write less than 315,360,000 s",
            besides=("rds.main.read_replica=true",),
        ),
        "more-than-the-volume-can-do": Mistake(
            "alarms.rds.iops-high.threshold=100",
            'alarms["rds.iops-high"].threshold',
            100,
            "share of the volume's is at most 100 %: write less than 100 %",
            besides=("rds.main.storage_type=gp3",),
        ),
        "a-boundary-of-another-partition": Mistake(
            "permissions_boundary=arn:aws-cn:iam::123456789012:policy/x",
            "permissions_boundary",
            "arn:aws-cn:iam::123456789012:policy/x",
            "is in the partition aws-cn, and ap-northeast-1 in aws: write arn:aws:iam::…",
        ),
        "an-arn-for-a-name-of-one-s-own": Mistake(
            "app.web.service=arn:aws:ecs:ap-northeast-1:123456789012:service/shop/web",
            "app.web.service",
            "arn:aws:ecs:ap-northeast-1:123456789012:service/shop/web",
            "write the SERVICE of DJANGO_MONITORING",
        ),
        "a-cluster-s-resource-id": Mistake(
            "rds.main.cluster=cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "rds.main.cluster",
            "cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "is the cluster's resource id, which no event has: write its identifier",
        ),
        "more-connections-than-any-engine-has": Mistake(
            "alarms.rds.connections-high.threshold=300000",
            'alarms["rds.connections-high"].threshold',
            300_000,
            "is at most 262,143: write 262,143 or less",
            besides=("rds.main.max_connections=null",),
        ),
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
        "more-tasks-missing-than-a-service-has": Mistake(
            "alarms.ecs.tasks-below-desired.threshold=5000",
            'alarms["ecs.tasks-below-desired"].threshold',
            5000,
            "the alarm could never fire, since tasks missing of desired is at most 5,000",
            besides=("ecs.web.minimum_healthy_percent=50",),
        ),
        "a-type-of-storage-that-is-none": Mistake(
            "rds.main.storage_type=gp9",
            "rds.main.storage_type",
            "gp9",
            "write one of: 'gp2', 'gp3'",
        ),
        "a-balancer-with-a-blank": Mistake(
            "alb.main.load_balancer=app/my alb/50dc6c495c0c9188",
            "alb.main.load_balancer",
            "app/my alb/50dc6c495c0c9188",
            "write app/<name>/<id>",
        ),
        "a-balancer-with-an-id-that-is-none": Mistake(
            "alb.main.load_balancer=app/alb/listener",
            "alb.main.load_balancer",
            "app/alb/listener",
            "write app/<name>/<id>",
        ),
        "a-group-with-too-long-a-name": Mistake(
            f"alb.main.target_groups={{web: targetgroup/{'x' * 33}/50dc6c495c0c9188}}",
            "alb.main.target_groups.web",
            ANY,
            "write targetgroup/<name>/<id>",
        ),
    }
)
def test_it_is_refused_with_what_makes_sense(mistake: Mistake) -> None:
    mistake.check()


@pytest.mark.slow
def test_samples_are_counted_over_the_whole_period() -> None:
    # Five samples in five minutes: below five is a minute without one.
    run_changed("alarms.rds.no-data={period: 300, evaluation_periods: 3, threshold: 5}")
