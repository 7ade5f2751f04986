"""Against the emulator: alarms are put, values published, and read back from the archive.

What moto 5.2's CloudWatch falls short of, so that ``recorded`` has to stand in for it elsewhere:

* GetMetricData fails on percentiles, so no alarm here reads one.
* It knows no retention and no pages, and its status is always Complete.
* A metric without dimensions is mixed up with those that have some; these here have some.
* DescribeAlarmHistory is answered with 500 ("has not been implemented"). Here an answer in the
  shape of AWS's example is put in its place
  (https://docs.aws.amazon.com/cli/latest/reference/cloudwatch/describe-alarm-history.html).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from moto import mock_aws

from account.account import Region
from history.archive import Archive
from history.metric import ArchivedMetric
from replay.history import MetricHistory
from stack.placeholder_aws import ACCOUNT
from tests.account.emulated import HOME, Deployment, Emulated, with_methods
from tests.account.fixtures import credentials
from tests.history.conftest import Run
from tests.history.recorded import key, same, state_update

__all__ = ["credentials"]

CLUSTER = {"ClusterName": "main", "ServiceName": "web"}
CPU = ArchivedMetric(account=ACCOUNT, region=HOME, key=key(**CLUSTER))


@pytest.fixture
def deployment(credentials: None) -> Iterator[Deployment]:
    """The home region of stack prod, with an alarm on one metric and one on two."""
    with mock_aws():
        deployment = Deployment()
        pairs = [{"Name": name, "Value": value} for name, value in CLUSTER.items()]
        deployment.alarm("ecs.cpu-high@web", "critical", [], Dimensions=pairs)

        def query(id_: str, name: str) -> dict[str, Any]:
            metric = {"Namespace": "AWS/ECS", "MetricName": name, "Dimensions": pairs}
            stat = {"Metric": metric, "Period": 60, "Stat": "Sum"}
            return {"Id": id_, "MetricStat": stat, "ReturnData": False}

        rate = {"Id": "e1", "Expression": "m1 / m2", "ReturnData": True}
        deployment.client("cloudwatch").put_metric_alarm(
            AlarmName="django-ecs-monitoring-prod-ecs-web-rate",
            Metrics=[query("m1", "CPUUtilization"), query("m2", "Other"), rate],
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
            Tags=[
                {"Key": name, "Value": value}
                for name, value in {"AlarmKey": "ecs.rate", "Target": "web"}.items()
            ],
        )
        yield deployment


def minutes_ago(now: int, minutes: int) -> datetime:
    return datetime.fromtimestamp(now // 60 * 60 - 60 * minutes, UTC)


def test_what_was_published_is_read_back(
    deployment: Deployment, run: Run, archive: Archive
) -> None:
    now = int(datetime.now(UTC).timestamp())
    pairs = [{"Name": name, "Value": value} for name, value in CLUSTER.items()]
    data: list[dict[str, Any]] = [
        {"Timestamp": minutes_ago(now, 2000), "Value": 91.5},
        {"Timestamp": minutes_ago(now, 30), "Values": [1.0, 2.0, 3.0], "Counts": [1.0, 1.0, 1.0]},
        {
            "Timestamp": minutes_ago(now, 20),
            "StatisticValues": {"SampleCount": 4, "Sum": 10, "Minimum": 1, "Maximum": 4},
        },
    ]
    deployment.client("cloudwatch").put_metric_data(
        Namespace="AWS/ECS",
        MetricData=[{"MetricName": "CPUUtilization", "Dimensions": pairs, **one} for one in data],
    )

    def with_past(region: Region) -> Region:
        def describe_alarm_history(**call: Any) -> dict[str, Any]:
            items = [state_update(call["AlarmName"], "2026-02-20 10:00", "OK", "ALARM")]
            return {"AlarmHistoryItems": items}

        return with_methods(region, "cloudwatch", describe_alarm_history=describe_alarm_history)

    ran = run("fetch", "--days", "3", "--json", opened=Emulated(with_past), now=now)
    assert ran.code == 0
    assert (ran.json["alarms"], ran.json["metrics"], ran.json["state_changes"]) == (2, 2, 2)
    assert [one["name"] for one in ran.json["metrics_without_data"]] == ["Other"]
    found, bad = archive.read(CPU, now - 3 * 86_400, now)
    assert bad == ()
    expected = MetricHistory(
        times=np.array([int(one["Timestamp"].timestamp()) for one in data]),
        resolutions=np.array([60, 60, 60]),
        counts=np.array([1.0, 3.0, 4.0]),
        totals=np.array([91.5, 6.0, 10.0]),
        minimums=np.array([91.5, 1.0, 1.0]),
        maximums=np.array([91.5, 3.0, 4.0]),
    )
    assert same(found, expected)
    assert {alarm.address for alarm in archive.alarms()} == {"ecs.cpu-high@web", "ecs.rate@web"}
    for alarm in archive.alarms():
        assert len(archive.alarm_history(alarm)[0]) == 1


def test_as_the_emulator_is_the_pasts_of_the_alarms_are_missing(
    deployment: Deployment, run: Run, archive: Archive
) -> None:
    def failing(region: Region) -> Region:
        def describe_alarm_history(**call: Any) -> dict[str, Any]:
            answer = {"Error": {"Code": "500", "Message": "not implemented"}}
            raise region.sns.exceptions.ClientError(
                answer | {"ResponseMetadata": {"HTTPStatusCode": 500}}, "DescribeAlarmHistory"
            )

        return with_methods(region, "cloudwatch", describe_alarm_history=describe_alarm_history)

    now = int(datetime.now(UTC).timestamp())
    ran = run("fetch", "--days", "1", "--json", opened=Emulated(failing), now=now)
    assert ran.code == 1
    (failure,) = ran.json["not_fetched"]
    assert failure["what"] == "the past of ecs.cpu-high@web, ecs.rate@web"
    assert ran.json["days_written"] == 2
