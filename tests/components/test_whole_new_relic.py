"""All that a stream of metrics to New Relic is registered with, in another region than usual."""

from typing import Any, Final

import pulumi
import pytest

import ecs_monitoring as watch
from tests.components.registered import sent
from tests.components.small import RunComponents

REGION: Final = "eu-west-1"
ACCOUNT: Final = "123456789012"
HERE: Final = {"region": REGION}
TAGS: Final[dict[str, pulumi.Input[str]]] = {"Team": "shop"}
NAME: Final = "new-relic-django-ecs-monitoring-test"
BUCKET: Final = f"{NAME}-{ACCOUNT}"
KEY: Final = "0123456789abcdef0123456789abcdef0123NRAL"


def metric(namespace: str, name: str, *percentiles: str) -> watch.StreamedMetricArgs:
    return watch.StreamedMetricArgs(
        namespace=namespace, name=name, percentiles=list(percentiles) or None
    )


METRICS: Final = (
    metric("AWS/RDS", "ReadLatency", "p90"),
    metric("AWS/ECS", "MemoryUtilization"),
    metric("AWS/ECS", "CPUUtilization"),
    metric("AWS/RDS", "WriteLatency", "p90"),
    metric("AWS/ApplicationELB", "TargetResponseTime", "p50", "p99"),
    # Named twice, streamed once.
    metric("AWS/ECS", "CPUUtilization"),
)


def role(local: str, description: str, service: str, condition: Any, *rights: Any) -> Any:
    """A role, who may be it and what it may do."""
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    sid = {"firehose": "Firehose", "stream": "MetricStreams"}[local]
    policy = {"Version": "2012-10-17"}
    return {
        f"Role new-relic-{local}": {
            "name": f"{NAME}-{local}",
            "description": description,
            "assumeRolePolicy": {**policy, "Statement": [{"Sid": sid, **trust, **condition}]},
            "tags": TAGS,
        },
        f"RolePolicy new-relic-{local}": {
            "name": f"{NAME}-{local}",
            "role": f"{NAME}-{local}",
            "policy": {**policy, "Statement": [{"Effect": "Allow", **one} for one in rights]},
        },
    }


def test_a_stream_its_firehose_and_its_bucket(
    run_components: RunComponents, requests: dict[str, Any]
) -> None:
    args = watch.NewRelicStreamArgs(
        license_key=KEY,
        datacenter=watch.NewRelicDatacenter.US,
        metrics=list(METRICS),
        region=REGION,
        tags=TAGS,
    )

    def program() -> None:
        watch.NewRelicStream("new-relic", args)

    run = run_components(program)
    delivery = f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/{NAME}"
    firehose_role = f"arn:aws:iam::{ACCOUNT}:role/{NAME}-firehose"
    assert sent(run) == {
        "Bucket new-relic": {"bucket": BUCKET, "forceDestroy": True, "tags": TAGS, **HERE},
        "BucketPublicAccessBlock new-relic": {
            "bucket": BUCKET,
            "blockPublicAcls": True,
            "blockPublicPolicy": True,
            "ignorePublicAcls": True,
            "restrictPublicBuckets": True,
            **HERE,
        },
        "BucketLifecycleConfiguration new-relic": {
            "bucket": BUCKET,
            "rules": [
                {
                    "id": "failed-records",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "expiration": {"days": 14},
                }
            ],
            **HERE,
        },
        # https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-http
        **role(
            "firehose",
            "Firehose keeps what New Relic did not take",
            "firehose.amazonaws.com",
            {"Condition": {"StringEquals": {"sts:ExternalId": ACCOUNT}}},
            {
                "Sid": "Bucket",
                "Action": [
                    "s3:GetBucketLocation",
                    "s3:ListBucket",
                    "s3:ListBucketMultipartUploads",
                ],
                "Resource": f"arn:aws:s3:::{BUCKET}",
            },
            {
                "Sid": "FailedRecords",
                "Action": ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
                "Resource": f"arn:aws:s3:::{BUCKET}/*",
            },
        ),
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-metric-streams-trustpolicy.html
        **role(
            "stream",
            "CloudWatch streams metrics to New Relic",
            "streams.metrics.cloudwatch.amazonaws.com",
            {},
            {
                "Sid": "Feed",
                "Action": ["firehose:PutRecord", "firehose:PutRecordBatch"],
                "Resource": delivery,
            },
        ),
        "FirehoseDeliveryStream new-relic": {
            "name": NAME,
            "destination": "http_endpoint",
            "httpEndpointConfiguration": {
                "url": "https://aws-api.newrelic.com/cloudwatch-metrics/v1",
                "name": "New Relic",
                "accessKey": KEY,
                "bufferingSize": 1,
                "bufferingInterval": 60,
                "retryDuration": 60,
                "roleArn": firehose_role,
                "s3BackupMode": "FailedDataOnly",
                "s3Configuration": {
                    "roleArn": firehose_role,
                    "bucketArn": f"arn:aws:s3:::{BUCKET}",
                    "bufferingSize": 10,
                    "bufferingInterval": 400,
                    "compressionFormat": "GZIP",
                    "errorOutputPrefix": "failed/",
                },
                "requestConfiguration": {"contentEncoding": "GZIP"},
            },
            "tags": TAGS,
            **HERE,
        },
        "MetricStream new-relic": {
            "name": NAME,
            "firehoseArn": delivery,
            "roleArn": f"arn:aws:iam::{ACCOUNT}:role/{NAME}-stream",
            "outputFormat": "opentelemetry0.7",
            # By namespace and name, whatever order they were written in: else each new target
            # would change the stream.
            "includeFilters": [
                {"namespace": "AWS/ApplicationELB", "metricNames": ["TargetResponseTime"]},
                {"namespace": "AWS/ECS", "metricNames": ["CPUUtilization", "MemoryUtilization"]},
                {"namespace": "AWS/RDS", "metricNames": ["ReadLatency", "WriteLatency"]},
            ],
            "statisticsConfigurations": [
                {
                    "additionalStatistics": ["p50", "p99"],
                    "includeMetrics": [
                        {"namespace": "AWS/ApplicationELB", "metricName": "TargetResponseTime"}
                    ],
                },
                {
                    "additionalStatistics": ["p90"],
                    "includeMetrics": [
                        {"namespace": "AWS/RDS", "metricName": "ReadLatency"},
                        {"namespace": "AWS/RDS", "metricName": "WriteLatency"},
                    ],
                },
            ],
            "tags": TAGS,
            **HERE,
        },
    }
    (outputs,) = run.outputs.values()
    assert outputs == {
        "stream": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:metric-stream/{NAME}",
        "failed_records": BUCKET,
    }
    # Each service tries its role at once.
    for needed, local in (("metricStream:MetricStream", "stream"), ("Firehose", "firehose")):
        (asked,) = (one for name, one in requests.items() if needed in name)
        rights = f"rolePolicy:RolePolicy::new-relic-{local}"
        assert [urn for urn in asked.dependencies if urn.endswith(rights)]


@pytest.mark.parametrize("count", [20, 21])
def test_a_metric_has_at_most_twenty_percentiles(run_components: RunComponents, count: int) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStreamStatisticsConfiguration.html."""
    percentiles = [f"p{number}" for number in range(1, count + 1)]
    args = watch.NewRelicStreamArgs(
        license_key=KEY,
        datacenter=watch.NewRelicDatacenter.US,
        metrics=[metric("AWS/ECS", "CPUUtilization"), metric("AWS/RDS", "DBLoad", *percentiles)],
    )

    def program() -> None:
        watch.NewRelicStream("new-relic", args)

    if count <= 20:
        (configured,) = sent(run_components(program))["MetricStream new-relic"][
            "statisticsConfigurations"
        ]
        assert configured["additionalStatistics"] == percentiles
        return
    with pytest.raises(watch.InvalidArgsError) as refusal:
        run_components(program)
    assert refusal.value.field == "metrics[1].percentiles"
    assert refusal.value.reason == "21 percentiles: write at most 20"
