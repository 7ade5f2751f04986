"""Compares a metric stream, and what it flows through, with what the API returns."""

from collections.abc import Mapping
from typing import Any, Final

from sandbox.handlers.firehose import described, endpoint
from sandbox.handlers.s3 import BUCKET_TAGS, UNNAMED_REGION
from sandbox.readback.account_reader import AccountReader, Compare, Compared, nothing
from sandbox.tags import CLOUDWATCH, FIREHOSE


def _metric_stream(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    cloudwatch = account.client("cloudwatch", inputs)
    live = cloudwatch.get_metric_stream(Name=inputs["name"])
    registered = {
        "to": (inputs["firehoseArn"], inputs["roleArn"], inputs["outputFormat"]),
        "includeFilters": {
            (metrics["namespace"], name)
            for metrics in inputs["includeFilters"]
            for name in metrics["metricNames"]
        },
        "statistics": {
            (metric["namespace"], metric["metricName"], statistic)
            for statistics in inputs.get("statisticsConfigurations") or ()
            for metric in statistics["includeMetrics"]
            for statistic in statistics["additionalStatistics"]
        },
        "state": "running",
    }
    return registered, {
        "to": (live["FirehoseArn"], live["RoleArn"], live["OutputFormat"]),
        "includeFilters": {
            (metrics["Namespace"], name)
            for metrics in live["IncludeFilters"]
            for name in metrics["MetricNames"]
        },
        "statistics": {
            (metric["Namespace"], metric["MetricName"], statistic)
            for statistics in live.get("StatisticsConfigurations", ())
            for metric in statistics["IncludeMetrics"]
            for statistic in statistics["AdditionalStatistics"]
        },
        "tags": CLOUDWATCH.of(cloudwatch, live["Arn"]),
        "state": live["State"],
    }


def _firehose(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    firehose = account.client("firehose", inputs)
    stream = described(firehose, inputs["name"]) or nothing("Firehose stream", inputs["name"])
    (destination,) = stream["Destinations"]
    wanted = dict(inputs["httpEndpointConfiguration"])
    wanted.pop("accessKey", None)
    tags = FIREHOSE.of(firehose, inputs["name"])
    registered = {"httpEndpointConfiguration": wanted}
    live = endpoint(destination["HttpEndpointDestinationDescription"])
    return registered, {"httpEndpointConfiguration": live, "tags": tags}


def _bucket(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    s3 = account.client("s3", inputs)
    names = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    if inputs["bucket"] not in names:
        nothing("bucket", inputs["bucket"])
    # Empty for us-east-1: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
    where = s3.get_bucket_location(Bucket=inputs["bucket"])["LocationConstraint"] or UNNAMED_REGION
    registered = {"region": inputs.get("region") or account.region}
    return registered, {"region": where, "tags": BUCKET_TAGS.of(s3, inputs["bucket"])}


def _public_access(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    answer = account.client("s3", inputs).get_public_access_block(Bucket=inputs["bucket"])
    live = answer["PublicAccessBlockConfiguration"]
    names = [name for name in inputs if name not in ("bucket", "region")]
    return {n: inputs[n] for n in names}, {n: live[n[0].upper() + n[1:]] for n in names}


def _lifecycle(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    s3 = account.client("s3", inputs)
    rules = s3.get_bucket_lifecycle_configuration(Bucket=inputs["bucket"])["Rules"]
    days = [(rule["status"], int(rule["expiration"]["days"])) for rule in inputs["rules"]]
    return {"rules": days}, {"rules": [(r["Status"], r["Expiration"]["Days"]) for r in rules]}


COMPARE: Final[Mapping[str, Compare]] = {
    "aws:cloudwatch/metricStream:MetricStream": _metric_stream,
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": _firehose,
    "aws:s3/bucket:Bucket": _bucket,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _lifecycle,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _public_access,
}
"""How resources of each type are compared."""
