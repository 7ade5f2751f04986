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
            'alarms["alb.target-5xx"].treat_missing_data',
            "ignore",
            "once on, the alarm would never be off again, since HTTPCode_Target_5XX_Count Sum is "
            "at least 1, and nothing is published where there is nothing to count: write "
            "notBreaching",
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
        # db.t4g.small earns 24 credits an hour and keeps those of a day:
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html
        "more-credits-than-the-class-keeps": Mistake(
            "alarms.rds.cpu-credits.threshold=577",
            'alarms["rds.cpu-credits"].threshold',
            577,
            "the alarm would always be on, since CPUCreditBalance Average is at most 576: write "
            "576 or less",
            besides=("rds.main.instance_class=db.t4g.small",),
        ),
        # "It is launched and remains idle for 24 hours: its CPU credit balance reaches 174":
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-standard-mode-concepts.html
        "more-credits-than-with-those-of-the-launch": Mistake(
            "alarms.rds.cpu-credits.threshold=175",
            'alarms["rds.cpu-credits"].threshold',
            175,
            "CPUCreditBalance Average is at most 174",
            besides=("rds.main.instance_class=db.t2.micro",),
        ),
        "more-healthy-hosts-than-a-balancer-has": Mistake(
            "alarms.alb.no-healthy-hosts.threshold=10001",
            'alarms["alb.no-healthy-hosts"].threshold',
            10_001,
            "the alarm would always be on, since HealthyHostCount Minimum is at most 10,000",
        ),
        "more-unhealthy-hosts-than-a-balancer-has": Mistake(
            "alarms.alb.unhealthy-hosts.threshold=10001",
            'alarms["alb.unhealthy-hosts"].threshold',
            10_001,
            "the alarm could never fire, since UnHealthyHostCount Maximum is at most 10,000",
        ),
        # "The idle timeout value, in seconds. The valid range is 1-4000 seconds."
        "slower-than-any-idle-timeout": Mistake(
            "alarms.alb.latency-p99.threshold=4001",
            'alarms["alb.latency-p99"].threshold',
            4001,
            "the alarm could never fire, since TargetResponseTime p99 is at most 4,000 s",
        ),
        # Aurora PostgreSQL has 63 GiB on it and Aurora MySQL 80, of 32 GiB of memory.
        "more-local-storage-than-the-class-has": Mistake(
            "alarms.rds.local-storage-low.threshold=1e12",
            'alarms["rds.local-storage-low"].threshold',
            1e12,
            "FreeLocalStorage Average is always less than 96 GiB: write less than 96 GiB",
            besides=(
                "rds.main.engine=aurora-postgresql",
                "rds.main.instance_class=db.r6g.xlarge",
                "rds.main.allocated_storage_gib=null",
            ),
        ),
        "more-sessions-than-any-database-has": Mistake(
            "alarms.rds.db-load.threshold=262143",
            'alarms["rds.db-load"].threshold',
            262_143,
            "the alarm could never fire, since DBLoad Average is at most 262,143",
        ),
        # Of 100 GiB some are in use at any time, and of 2 GiB of memory.
        "all-of-the-volume-is-never-free": Mistake(
            f"alarms.rds.storage-low.threshold={100 * 2**30}",
            'alarms["rds.storage-low"].threshold',
            100 * 2**30,
            "FreeStorageSpace Minimum is always less than 100 GiB: write less than 100 GiB",
        ),
        "all-of-the-memory-is-never-free": Mistake(
            f"alarms.rds.memory-low.threshold={2 * 2**30}",
            'alarms["rds.memory-low"].threshold',
            2 * 2**30,
            "FreeableMemory Average is always less than 2 GiB: write less than 2 GiB",
            besides=("rds.main.instance_class=db.t4g.small",),
        ),
        # "Values must be in the range of -2^360 to 2^360":
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
        "farther-from-zero-than-any-datapoint": Mistake(
            "alarms.alb.target-5xx.threshold=1e300",
            'alarms["alb.target-5xx"].threshold',
            1e300,
            "no datapoint of CloudWatch is so far from zero",
        ),
        # Failures are published where there are some: without any, nothing ends the alarm.
        "lost-notifications-for-ever": Mistake(
            "alarms.delivery.notifications-failed.treat_missing_data=ignore",
            'alarms["delivery.notifications-failed"].treat_missing_data',
            "ignore",
            "once on, the alarm would never be off again",
        ),
        "lost-notifications-of-one-topic-for-ever": Mistake(
            'alarms["delivery.notifications-failed@critical"].treat_missing_data=ignore',
            'alarms["delivery.notifications-failed@critical"].treat_missing_data',
            "ignore",
            "once on, the alarm would never be off again",
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
def test_what_is_just_possible_is_taken() -> None:
    run_changed(
        "alarms.rds.cpu-credits.threshold=576",
        "alarms.alb.no-healthy-hosts.threshold=10000",
        "alarms.alb.latency-p99.threshold=4000",
        f"alarms.rds.storage-low.threshold={100 * 2**30 - 1}",
        # Filters write 0 beside other lines, which ends it.
        "alarms.logs.errors.treat_missing_data=ignore",
    )
    run_changed(
        # Launch credits come on top: 144 + 30.
        "alarms.rds.cpu-credits.threshold=174",
        "rds.main.instance_class=db.t2.micro",
    )


@pytest.mark.slow
def test_samples_are_counted_over_the_whole_period() -> None:
    # Five samples in five minutes: below five is a minute without one.
    run_changed("alarms.rds.no-data={period: 300, evaluation_periods: 3, threshold: 5}")
