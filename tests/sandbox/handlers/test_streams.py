"""A metric stream, the Firehose stream that it feeds, and the bucket behind, to their end."""

from collections.abc import Callable
from typing import Any

import pulumi_aws as aws
import pytest

import ecs_monitoring as watch
from sandbox.clients import AwsError
from sandbox.outcome import DeploymentError, ResourceAction
from sandbox.readback import differences, not_compared
from tests.sandbox.handlers.conftest import Bench

KEY = "0123456789abcdef0123456789abcdef0123NRAL"
NAME = "new-relic-django-ecs-monitoring-test"
BUCKET = f"{NAME}-123456789012"
LATENCY = watch.StreamedMetricArgs(
    namespace="AWS/ApplicationELB", name="TargetResponseTime", percentiles=["p99"]
)
TASKS = watch.StreamedMetricArgs(namespace="ECS/ContainerInsights", name="RunningTaskCount")


def streaming(**changes: Any) -> None:
    args = {
        "license_key": KEY,
        "datacenter": watch.NewRelicDatacenter.US,
        "metrics": [LATENCY, TASKS],
        "tags": {"Team": "shop"},
    }
    watch.NewRelicStream("new-relic", watch.NewRelicStreamArgs(**{**args, **changes}))


def found_differences(bench: Bench) -> list[str]:
    return differences(bench.reader, bench.deploy(streaming).registrations)


def test_everything_is_there_and_read_back_as_registered(bench: Bench) -> None:
    outcome = bench.deploy(streaming)
    assert differences(bench.reader, outcome.registrations) == []
    assert not_compared(outcome.registrations) == []
    assert set(bench.refreshed()) == {ResourceAction.SAME}
    assert bench.done(streaming) == []
    live = bench.client("cloudwatch").get_metric_stream(Name=NAME)
    assert live["IncludeFilters"] == [
        {"Namespace": "AWS/ApplicationELB", "MetricNames": ["TargetResponseTime"]},
        {"Namespace": "ECS/ContainerInsights", "MetricNames": ["RunningTaskCount"]},
    ]
    assert live["StatisticsConfigurations"] == [
        {
            "IncludeMetrics": [
                {"Namespace": "AWS/ApplicationELB", "MetricName": "TargetResponseTime"}
            ],
            "AdditionalStatistics": ["p99"],
        }
    ]
    assert (live["OutputFormat"], live["State"]) == ("opentelemetry0.7", "running")
    described = bench.client("firehose").describe_delivery_stream(DeliveryStreamName=NAME)
    found = described["DeliveryStreamDescription"]
    assert found["DeliveryStreamARN"] == live["FirehoseArn"]
    endpoint = found["Destinations"][0]["HttpEndpointDestinationDescription"]
    assert endpoint["EndpointConfiguration"]["Url"] == (
        "https://aws-api.newrelic.com/cloudwatch-metrics/v1"
    )
    assert endpoint["RequestConfiguration"]["ContentEncoding"] == "GZIP"


def test_what_is_streamed_and_the_key_change_in_place(bench: Bench) -> None:
    bench.deploy(streaming)
    other = KEY.replace("NRAL", "4567")
    assert bench.done(lambda: streaming(metrics=[LATENCY], license_key=other)) == [
        (ResourceAction.UPDATE, ("httpEndpointConfiguration.accessKey",)),
        (ResourceAction.UPDATE, ("includeFilters",)),
    ]
    (filters,) = bench.client("cloudwatch").get_metric_stream(Name=NAME)["IncludeFilters"]
    assert filters["Namespace"] == "AWS/ApplicationELB"
    assert set(bench.refreshed()) == {ResourceAction.SAME}


def test_tags_change_in_place(bench: Bench) -> None:
    bench.deploy(streaming)
    changed = bench.done(lambda: streaming(tags={"Owner": "ops"}))
    assert (
        changed
        == [(ResourceAction.UPDATE, ("tags.Owner", "tags.Team", "tagsAll.Owner", "tagsAll.Team"))]
        * 5
    )
    live = bench.client("cloudwatch").get_metric_stream(Name=NAME)
    tags = bench.client("cloudwatch").list_tags_for_resource(ResourceARN=live["Arn"])["Tags"]
    assert tags == [{"Key": "Owner", "Value": "ops"}]
    assert bench.client("s3").get_bucket_tagging(Bucket=BUCKET)["TagSet"] == tags
    assert set(bench.refreshed()) == {ResourceAction.SAME}


def test_it_goes_with_the_failed_records_in_the_bucket(bench: Bench) -> None:
    bench.deploy(streaming)
    bench.client("s3").put_object(Bucket=BUCKET, Key="failed/2026/11/26/records", Body=b"{}")
    changes = bench.done(lambda: None)
    assert {action for action, _ in changes} == {ResourceAction.DELETE}
    assert bench.client("s3").list_buckets()["Buckets"] == []
    assert bench.client("firehose").list_delivery_streams()["DeliveryStreamNames"] == []
    assert bench.client("iam").list_roles()["Roles"] == []
    with pytest.raises(AwsError, match="does not exist"):
        bench.client("cloudwatch").get_metric_stream(Name=NAME)


def test_a_bucket_that_is_not_empty_stays_unless_that_was_wanted(bench: Bench) -> None:
    bench.deploy(lambda: aws.s3.Bucket("kept", bucket="kept-by-somebody"))
    bench.client("s3").put_object(Bucket="kept-by-somebody", Key="a", Body=b"{}")
    with pytest.raises(DeploymentError, match="not empty"):
        bench.deploy(lambda: None)


def _filters(bench: Bench) -> None:
    cloudwatch = bench.client("cloudwatch")
    live = cloudwatch.get_metric_stream(Name=NAME)
    kept = {name: live[name] for name in ("Name", "FirehoseArn", "RoleArn", "OutputFormat")}
    cloudwatch.put_metric_stream(**kept, IncludeFilters=[{"Namespace": "AWS/ECS"}])


def _endpoint(bench: Bench) -> None:
    firehose = bench.client("firehose")
    found = firehose.describe_delivery_stream(DeliveryStreamName=NAME)["DeliveryStreamDescription"]
    firehose.update_destination(
        DeliveryStreamName=NAME,
        CurrentDeliveryStreamVersionId=found["VersionId"],
        DestinationId=found["Destinations"][0]["DestinationId"],
        HttpEndpointDestinationUpdate={
            "EndpointConfiguration": {"Url": "https://elsewhere.example.com/", "Name": "elsewhere"}
        },
    )


def _public(bench: Bench) -> None:
    nothing = dict.fromkeys(
        ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), False
    )
    bench.client("s3").put_public_access_block(
        Bucket=BUCKET, PublicAccessBlockConfiguration=nothing
    )


@pytest.mark.parametrize(
    ("tamper", "changed"),
    [
        (_filters, {"includeFilters", "statisticsConfigurations"}),
        (_endpoint, {"httpEndpointConfiguration.name", "httpEndpointConfiguration.url"}),
        (
            _public,
            {
                *("blockPublicAcls", "blockPublicPolicy"),
                *("ignorePublicAcls", "restrictPublicBuckets"),
            },
        ),
    ],
)
def test_what_was_changed_by_hand_is_put_back(
    bench: Bench, tamper: Callable[[Bench], None], changed: set[str]
) -> None:
    bench.deploy(streaming)
    tamper(bench)
    assert ResourceAction.UPDATE in bench.refreshed()
    ((action, properties),) = bench.done(streaming)
    assert (action, set(properties)) == (ResourceAction.UPDATE, changed)
    assert found_differences(bench) == []


def test_what_was_deleted_by_hand_is_gone(bench: Bench) -> None:
    bench.deploy(streaming)
    bench.client("cloudwatch").delete_metric_stream(Name=NAME)
    bench.client("firehose").delete_delivery_stream(DeliveryStreamName=NAME)
    bench.client("s3").delete_bucket(Bucket=BUCKET)
    assert bench.refreshed().count(ResourceAction.DELETE) == 5


def test_a_firehose_stream_of_somebody_elses_is_not_taken_over(bench: Bench) -> None:
    bench.deploy(streaming)

    def both() -> None:
        streaming()
        second()

    with pytest.raises(DeploymentError, match="already exists"):
        bench.deploy(both)


def second() -> None:
    """A second Firehose stream that asks for the first one's name."""
    role = "arn:aws:iam::123456789012:role/firehose"
    aws.kinesis.FirehoseDeliveryStream(
        "second",
        name=NAME,
        destination="http_endpoint",
        http_endpoint_configuration={
            "url": "https://elsewhere.example.com/",
            "s3_configuration": {"role_arn": role, "bucket_arn": f"arn:aws:s3:::{BUCKET}"},
        },
    )


@pytest.mark.parametrize(
    ("percentiles", "format_", "message"),
    [
        (["tm99"], "opentelemetry0.7", "tm99 is no percentile"),
        (["p99"], "opentelemetry2", "must be one of json, opentelemetry0.7"),
    ],
)
def test_a_stream_that_aws_refuses_is_refused(
    bench: Bench, percentiles: list[str], format_: str, message: str
) -> None:
    def program() -> None:
        aws.cloudwatch.MetricStream(
            "stream",
            name="stream",
            firehose_arn="arn:aws:firehose:ap-northeast-1:123456789012:deliverystream/x",
            role_arn="arn:aws:iam::123456789012:role/x",
            output_format=format_,
            include_filters=[{"namespace": "AWS/ECS", "metric_names": ["CPUUtilization"]}],
            statistics_configurations=[
                {
                    "additional_statistics": percentiles,
                    "include_metrics": [{"namespace": "AWS/ECS", "metric_name": "CPUUtilization"}],
                }
            ],
        )

    with pytest.raises(DeploymentError, match=message):
        bench.deploy(program)
