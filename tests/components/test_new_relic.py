"""NewRelicStream: what is streamed where, who may do what, and that the key stays secret."""

import json
from typing import Any

import pulumi
import pytest

import ecs_monitoring as watch
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.metric_stream import StreamedMetric, streamed_metrics
from ecs_monitoring.names import of_bucket
from stack.placeholder_aws import ACCOUNT
from stack.program import ProgramRun
from tests.components.policy import allows
from tests.components.registered import ROLE, ROLE_POLICY, named, only, wire
from tests.components.small import RunComponents

STREAM = "aws:cloudwatch/metricStream:MetricStream"
FIREHOSE = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
BUCKET = "aws:s3/bucket:Bucket"
KEY = "0123456789abcdef0123456789abcdef0123NRAL"
EU_KEY = "eu01xx66c637a29c3982469a3fe8d1982d002c4a"
REGION = "ap-northeast-1"
NAME = "new-relic-django-ecs-monitoring-test"
ARN = f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/{NAME}"
CPU = watch.StreamedMetricArgs(namespace="AWS/ECS", name="CPUUtilization")
LATENCY = watch.StreamedMetricArgs(
    namespace="AWS/ApplicationELB", name="TargetResponseTime", percentiles=["p99"]
)
REQUESTS = watch.StreamedMetricArgs(namespace="AWS/ApplicationELB", name="RequestCount")


def streamed(
    run_components: RunComponents, name: str = "new-relic", *, later: bool = False, **args: Any
) -> ProgramRun:
    """A program with one stream of three metrics, unless ``args`` say otherwise.

    Its key comes as an Output where it comes later.
    """
    usual = {
        "license_key": KEY,
        "datacenter": watch.NewRelicDatacenter.US,
        "metrics": [CPU, LATENCY, REQUESTS],
    }

    def program() -> None:
        given = {**usual, **args}
        if later:
            given["license_key"] = pulumi.Output.from_input(given["license_key"])
        made = watch.NewRelicStream(name, watch.NewRelicStreamArgs(**given))
        pulumi.export("stream", made.stream)
        pulumi.export("failed_records", made.failed_records)

    return run_components(program)


def test_only_the_metrics_are_streamed_and_percentiles_asked_for(
    run_components: RunComponents,
) -> None:
    run = streamed(run_components)
    stream = only(run.of_type(STREAM))
    assert wire(stream, "name", "outputFormat", "firehoseArn", "excludeFilters") == {
        "name": NAME,
        "outputFormat": "opentelemetry0.7",
        "firehoseArn": ARN,
        "excludeFilters": None,
    }
    assert stream.inputs["includeFilters"] == [
        {"namespace": "AWS/ApplicationELB", "metricNames": ["RequestCount", "TargetResponseTime"]},
        {"namespace": "AWS/ECS", "metricNames": ["CPUUtilization"]},
    ]
    assert stream.inputs["statisticsConfigurations"] == [
        {
            "additionalStatistics": ["p99"],
            "includeMetrics": [
                {"namespace": "AWS/ApplicationELB", "metricName": "TargetResponseTime"}
            ],
        }
    ]
    assert run.exports == {"stream": stream.arn, "failed_records": f"{NAME}-{ACCOUNT}"}


def test_without_a_percentile_none_is_asked_for(run_components: RunComponents) -> None:
    stream = only(streamed(run_components, metrics=[CPU]).of_type(STREAM))
    assert "statisticsConfigurations" not in stream.inputs


@pytest.mark.parametrize(
    ("datacenter", "key", "url"),
    [
        # https://docs.newrelic.com/docs/infrastructure/amazon-integrations/aws-integrations-list/aws-metric-stream/
        ("us", KEY, "https://aws-api.newrelic.com/cloudwatch-metrics/v1"),
        ("eu", EU_KEY, "https://aws-api.eu01.nr-data.net/cloudwatch-metrics/v1"),
    ],
)
def test_firehose_delivers_to_the_accounts_data_center(
    run_components: RunComponents, datacenter: str, key: str, url: str
) -> None:
    run = streamed(run_components, datacenter=datacenter, license_key=key)
    sent = only(run.of_type(FIREHOSE)).inputs["httpEndpointConfiguration"]
    role = named(run, ROLE)["new-relic-firehose"]
    assert sent == {
        "url": url,
        "name": "New Relic",
        "accessKey": key,
        "bufferingSize": 1,
        "bufferingInterval": 60,
        "retryDuration": 60,
        "roleArn": role.arn,
        "s3BackupMode": "FailedDataOnly",
        "requestConfiguration": {"contentEncoding": "GZIP"},
        "s3Configuration": {
            "roleArn": role.arn,
            "bucketArn": f"arn:aws:s3:::{NAME}-{ACCOUNT}",
            "bufferingSize": 10,
            "bufferingInterval": 400,
            "compressionFormat": "GZIP",
            "errorOutputPrefix": "failed/",
        },
    }


def test_the_key_is_secret_and_nowhere_else(run_components: RunComponents) -> None:
    run = streamed(run_components)
    firehose = only(run.of_type(FIREHOSE))
    assert firehose.secret_inputs == {"httpEndpointConfiguration"}
    elsewhere = [dict(one.inputs) for one in run.registrations if one is not firehose]
    assert KEY not in json.dumps([elsewhere, dict(run.exports), run.warnings], default=str)
    assert KEY not in json.dumps([one.urn for one in run.registrations])


def test_a_key_may_come_from_the_program(run_components: RunComponents) -> None:
    run = streamed(run_components, later=True)
    firehose = only(run.of_type(FIREHOSE))
    assert firehose.inputs["httpEndpointConfiguration"]["accessKey"] == KEY
    assert firehose.secret_inputs == {"httpEndpointConfiguration"}


@pytest.mark.parametrize(
    ("role", "service", "context", "may"),
    [
        ("firehose", "firehose.amazonaws.com", {"sts:ExternalId": ACCOUNT}, True),
        ("firehose", "firehose.amazonaws.com", {"sts:ExternalId": "999999999999"}, False),
        ("firehose", "firehose.amazonaws.com", {}, False),
        ("firehose", "streams.metrics.cloudwatch.amazonaws.com", {}, False),
        ("stream", "streams.metrics.cloudwatch.amazonaws.com", {}, True),
        ("stream", "cloudwatch.amazonaws.com", {}, False),
    ],
)
def test_who_may_take_the_roles(
    run_components: RunComponents, role: str, service: str, context: dict[str, str], may: bool
) -> None:
    trust = named(streamed(run_components), ROLE)[f"new-relic-{role}"].inputs["assumeRolePolicy"]
    assert allows(trust, service, "sts:AssumeRole", "", context) is may


OWN = f"arn:aws:s3:::{NAME}-{ACCOUNT}"


@pytest.mark.parametrize(
    ("role", "action", "resource", "may"),
    [
        # https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-http
        ("firehose", "s3:PutObject", f"{OWN}/failed/x", True),
        ("firehose", "s3:ListBucketMultipartUploads", OWN, True),
        ("firehose", "s3:PutObject", "arn:aws:s3:::somebody-elses/x", False),
        ("firehose", "s3:DeleteObject", f"{OWN}/failed/x", False),
        ("firehose", "s3:PutBucketPolicy", OWN, False),
        ("firehose", "firehose:PutRecord", ARN, False),
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-metric-streams-trustpolicy.html
        ("stream", "firehose:PutRecord", ARN, True),
        ("stream", "firehose:PutRecordBatch", ARN, True),
        ("stream", "firehose:PutRecord", f"{ARN}-other", False),
        ("stream", "firehose:DeleteDeliveryStream", ARN, False),
        ("stream", "s3:PutObject", f"{OWN}/x", False),
    ],
)
def test_what_the_roles_may_do(
    run_components: RunComponents, role: str, action: str, resource: str, may: bool
) -> None:
    rights = named(streamed(run_components), ROLE_POLICY)[f"new-relic-{role}"].inputs["policy"]
    assert allows(rights, None, action, resource) is may


def test_failed_records_are_private_and_go_after_two_weeks(run_components: RunComponents) -> None:
    run = streamed(run_components)
    blocked = only(run.of_type("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")).inputs
    assert {name: blocked[name] for name in blocked if name != "bucket"} == dict.fromkeys(
        ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True
    )
    lifecycle = only(
        run.of_type("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    )
    (rule,) = lifecycle.inputs["rules"]
    assert (rule["status"], rule["filter"], rule["expiration"]) == (
        "Enabled",
        {"prefix": ""},
        {"days": 14},
    )


def test_another_region_has_names_of_its_own(run_components: RunComponents) -> None:
    """Roles and buckets are in no region, so they cannot share the names of the first ones."""

    def program() -> None:
        for name, region in (("new-relic", None), ("new-relic-outside", "us-east-1")):
            watch.NewRelicStream(
                name,
                watch.NewRelicStreamArgs(
                    license_key=KEY,
                    datacenter=watch.NewRelicDatacenter.US,
                    metrics=[CPU],
                    region=region,
                ),
            )

    run = run_components(program)
    outside = [one for one in run.registrations if one.name.startswith("new-relic-outside")]
    for type_, field in ((ROLE, "name"), (BUCKET, "bucket"), (STREAM, "name"), (FIREHOSE, "name")):
        names = [one.inputs[field] for one in run.of_type(type_)]
        assert len(set(names)) == len(names)
    # IAM has no regions; everything else of AWS's is where the stream is.
    regional = [one for one in outside if one.type.startswith("aws:") and ":iam/" not in one.type]
    assert {one.type for one in regional} >= {STREAM, FIREHOSE, BUCKET}
    assert {one.inputs.get("region") for one in regional} == {"us-east-1"}
    assert all(
        len(one.inputs["name"]) <= 64 for one in (*run.of_type(ROLE), *run.of_type(FIREHOSE))
    )
    assert all(len(one.inputs["bucket"]) <= 63 for one in run.of_type(BUCKET))


def test_the_rights_are_there_before_they_are_needed(
    run_components: RunComponents, requests: dict[str, Any]
) -> None:
    streamed(run_components)
    for type_ in (STREAM, FIREHOSE):
        asked = requests[f"{type_}/new-relic"]
        assert [urn for urn in asked.dependencies if "rolePolicy:RolePolicy::" in urn]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"metrics": []}, r"'new-relic'\.metrics is empty"),
        (
            {
                "metrics": [
                    {"namespace": "AWS/ECS", "name": "CPUUtilization", "percentiles": ["tm9"]}
                ]
            },
            r"metrics\[0\]\.percentiles: 'tm9': .*write one, such as p99",
        ),
        (
            {
                "metrics": [
                    {
                        "namespace": "AWS/ECS",
                        "name": "CPUUtilization",
                        "percentiles": [f"p{n}" for n in range(21)],
                    }
                ]
            },
            "21 percentiles: write at most 20",
        ),
        ({"datacenter": "asia"}, r"'new-relic'\.datacenter: 'asia'"),
        ({"license_key": "NRAK-0123456789"}, "license_key is a user key"),
        ({"license_key": ""}, "license_key is no license key"),
        ({"license_key": EU_KEY}, "one of the EU data center: write datacenter: eu"),
        ({"datacenter": "eu"}, "one of the US data center: write datacenter: us"),
        ({"license_key": "NRAK-0123", "later": True}, "license_key is a user key"),
    ],
)
def test_what_would_stream_nothing_is_refused(
    run_components: RunComponents, args: dict[str, Any], message: str
) -> None:
    with pytest.raises(watch.InvalidArgsError, match=message) as raised:
        streamed(run_components, **args)
    assert "NRAK-" not in str(raised.value)
    assert EU_KEY not in str(raised.value)
    assert KEY not in str(raised.value)


def test_what_is_streamed_follows_from_the_metrics_read() -> None:
    """Each once, with every percentile that is read of it; no other statistic is one to ask for."""
    load_balancer = {"LoadBalancer": "app/shop/0123456789abcdef"}

    def read(name: str, statistic: str, namespace: str = "AWS/ApplicationELB") -> Metric:
        return Metric(namespace=namespace, name=name, statistic=statistic, dimensions=load_balancer)

    assert streamed_metrics(
        [
            read("TargetResponseTime", "p99"),
            read("TargetResponseTime", "p9.5"),
            read("RequestCount", "Sum"),
            read("TargetResponseTime", "tm99"),
            read("CPUUtilization", "Average", "AWS/ECS"),
        ]
    ) == (
        StreamedMetric(namespace="AWS/ApplicationELB", name="RequestCount"),
        StreamedMetric(
            namespace="AWS/ApplicationELB",
            name="TargetResponseTime",
            percentiles=("p9.5", "p99"),
        ),
        StreamedMetric(namespace="AWS/ECS", name="CPUUtilization"),
    )


def test_args_as_plain_mappings(run_components: RunComponents) -> None:
    """Which is how a program in another of Pulumi's languages sends them."""

    def program() -> None:
        given: Any = {
            "license_key": KEY,
            "datacenter": "us",
            "metrics": [
                {"namespace": "AWS/ECS", "name": "CPUUtilization"},
                {"namespace": LATENCY.namespace, "name": LATENCY.name, "percentiles": ["p99"]},
                {"namespace": REQUESTS.namespace, "name": REQUESTS.name},
            ],
        }
        watch.NewRelicStream("new-relic", given)

    run = run_components(program)
    typed = streamed(run_components)
    assert {r.urn: r.inputs for r in run.registrations} == {
        r.urn: r.inputs for r in typed.registrations
    }


def test_an_upper_case_project_has_a_bucket_too() -> None:
    """S3 takes no upper case: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html."""
    assert of_bucket("new-relic-shop-prod-1") == "new-relic-shop-prod-1"
    taken = {of_bucket("new-relic-Shop-prod-1"), of_bucket("new-relic-shop_prod-1")}
    assert len(taken) == 2
    assert all(name.startswith("new-relic-shop-prod-1-") and name == name.lower() for name in taken)
    assert len(of_bucket("n" * 200)) == 63
