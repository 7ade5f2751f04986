"""Compares a metric stream, and what it flows through, with what the API returns."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.account_reader import AccountReader, Compared, nothing, tags_of
from sandbox.handlers.firehose import described, endpoint


def _metric_stream(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    cloudwatch = account.client("cloudwatch", inputs)
    live = cloudwatch.get_metric_stream(Name=inputs["name"])
    registered = {
        "to": (inputs["firehoseArn"], inputs["roleArn"], inputs["outputFormat"]),
        "includeFilters": {
            (one["namespace"], name)
            for one in inputs["includeFilters"]
            for name in one["metricNames"]
        },
        "statistics": {
            (metric["namespace"], metric["metricName"], statistic)
            for one in inputs.get("statisticsConfigurations") or ()
            for metric in one["includeMetrics"]
            for statistic in one["additionalStatistics"]
        },
        "tags": inputs.get("tags") or {},
        "state": "running",
    }
    tags = cloudwatch.list_tags_for_resource(ResourceARN=live["Arn"])["Tags"]
    return registered, {
        "to": (live["FirehoseArn"], live["RoleArn"], live["OutputFormat"]),
        "includeFilters": {
            (one["Namespace"], name)
            for one in live["IncludeFilters"]
            for name in one["MetricNames"]
        },
        "statistics": {
            (metric["Namespace"], metric["MetricName"], statistic)
            for one in live.get("StatisticsConfigurations", ())
            for metric in one["IncludeMetrics"]
            for statistic in one["AdditionalStatistics"]
        },
        "tags": tags_of(tags),
        "state": live["State"],
    }


def _firehose(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    firehose = account.client("firehose", inputs)
    found = described(firehose, inputs["name"]) or nothing("Firehose stream", inputs["name"])
    (destination,) = found["Destinations"]
    wanted = dict(inputs["httpEndpointConfiguration"])
    wanted.pop("accessKey", None)
    tags = firehose.list_tags_for_delivery_stream(DeliveryStreamName=inputs["name"])["Tags"]
    registered = {"httpEndpointConfiguration": wanted, "tags": inputs.get("tags") or {}}
    live = endpoint(destination["HttpEndpointDestinationDescription"])
    return registered, {"httpEndpointConfiguration": live, "tags": tags_of(tags)}


def _bucket(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    s3 = account.client("s3", inputs)
    names = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    if inputs["bucket"] not in names:
        nothing("bucket", inputs["bucket"])
    # Empty for us-east-1: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
    where = s3.get_bucket_location(Bucket=inputs["bucket"])["LocationConstraint"] or "us-east-1"
    return {"region": inputs.get("region") or account.region}, {"region": where}


def _public_access(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    answer = account.client("s3", inputs).get_public_access_block(Bucket=inputs["bucket"])
    found = answer["PublicAccessBlockConfiguration"]
    names = [name for name in inputs if name not in ("bucket", "region")]
    return {n: inputs[n] for n in names}, {n: found[n[0].upper() + n[1:]] for n in names}


def _lifecycle(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    s3 = account.client("s3", inputs)
    rules = s3.get_bucket_lifecycle_configuration(Bucket=inputs["bucket"])["Rules"]
    days = [(rule["status"], int(rule["expiration"]["days"])) for rule in inputs["rules"]]
    return {"rules": days}, {"rules": [(r["Status"], r["Expiration"]["Days"]) for r in rules]}


COMPARE: Final[Mapping[str, Callable[[AccountReader, Mapping[str, Any]], Compared]]] = {
    "aws:cloudwatch/metricStream:MetricStream": _metric_stream,
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": _firehose,
    "aws:s3/bucket:Bucket": _bucket,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _lifecycle,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _public_access,
}
"""How resources of each type are compared."""
