"""Metrics for New Relic: a CloudWatch metric stream, through Firehose to New Relic's endpoint."""

from dataclasses import dataclass
from typing import Optional

import pulumi
import pulumi_aws as aws

from ecs_monitoring.args import InvalidArgsError, as_args
from ecs_monitoring.aws_identity import aws_identity
from ecs_monitoring.cloudwatch.metric_stream import PERCENTILES_PER_METRIC, is_percentile
from ecs_monitoring.monitoring import TYPE_PREFIX
from ecs_monitoring.names import of_bucket, of_stack, own_part, within
from ecs_monitoring.outputs import checked_secret
from ecs_monitoring.policies import (
    backup_policy,
    feeding_policy,
    firehose_trust,
    metric_stream_trust,
)
from ecs_monitoring.roles import service_role
from ecs_monitoring.rules.new_relic import (
    METRIC_ENDPOINTS,
    NewRelicDatacenter,
    refuse_distant_key,
    usable_license_key,
)

DEFAULT_NAME = "new-relic"

# Roles and Firehose streams alike.
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
# https://docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html
_NAME_LENGTH = 64
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricStream.html
_STREAM_NAME_LENGTH = 255

# New Relic's own values, of its instructions and its Terraform module; it takes no other format:
# https://docs.newrelic.com/docs/infrastructure/amazon-integrations/aws-integrations-list/aws-metric-stream/
# https://github.com/newrelic/terraform-provider-newrelic/blob/main/examples/modules/cloud-integrations/aws/main.tf
_FORMAT = "opentelemetry0.7"
_BUFFER_MIB = 1
_BUFFER_SECONDS = 60
_RETRY_SECONDS = 60
_BACKUP_MIB = 10
_BACKUP_SECONDS = 400

# Metrics of two weeks ago say nothing about today, and CloudWatch has them still. Failed records
# say why they failed: https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html
_BACKUP_DAYS = 14
_FAILED_PREFIX = "failed/"


@dataclass(frozen=True, kw_only=True)
class StreamedMetricArgs:
    """A metric that is streamed."""

    namespace: str
    """Namespace, such as AWS/ApplicationELB."""

    name: str
    """Name, such as TargetResponseTime."""

    percentiles: Optional[list[str]] = None
    """Percentiles, such as p99, besides minimum, maximum, sum and number of samples."""


@dataclass(frozen=True, kw_only=True)
class NewRelicStreamArgs:
    """What is streamed, and to which account of New Relic."""

    license_key: pulumi.Input[str]
    """License key (type INGEST - LICENSE); kept secret."""

    datacenter: NewRelicDatacenter
    """Where the New Relic account is."""

    metrics: list[StreamedMetricArgs]
    """What is streamed, of every resource that publishes it; nothing else is."""

    region: Optional[str] = None
    """Where the metrics are, if not in the provider's region."""

    tags: Optional[dict[str, pulumi.Input[str]]] = None
    """Tags of everything."""


# What pulumi-aws has for S3 and Firehose is loaded only where it is used: it takes a while.
class NewRelicStream(pulumi.ComponentResource):
    """A metric stream, the Firehose stream that it feeds, and a bucket for failed records."""

    stream: pulumi.Output[str]
    """ARN of the metric stream."""

    failed_records: pulumi.Output[str]
    """Name of the bucket that keeps what could not be delivered, for two weeks."""

    def __init__(
        self,
        name: str,
        args: NewRelicStreamArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None:
        """Register the streams, their roles and the bucket.

        Args:
            name: the component's name.
            args: license key and metrics.
            opts: the component's options.

        Raises:
            InvalidArgsError: no metric, a statistic that is no percentile, or a key of another
                sort or data center.
        """
        super().__init__(f"{TYPE_PREFIX}:NewRelicStream", name, None, opts)
        self._name = name
        self._path = f"NewRelicStream {name!r}"
        self._args = as_args(NewRelicStreamArgs, args, self._path)
        self._refuse_what_cannot_be_streamed()
        key = self._license_key()
        self._base = of_stack(DEFAULT_NAME, usual=DEFAULT_NAME, own=own_part(name, DEFAULT_NAME))
        self._aws = aws_identity(self, self._args.region)
        bucket = self._bucket()
        firehose = self._firehose(bucket, key)
        self.stream = self._metric_stream(firehose).arn
        self.failed_records = bucket.bucket
        self.register_outputs({"stream": self.stream, "failed_records": self.failed_records})

    def _refuse_what_cannot_be_streamed(self) -> None:
        # A stream without filters sends every metric of the account, and bills each.
        if not self._args.metrics:
            path = f"{self._path}.metrics"
            raise InvalidArgsError(f"{path} is empty: write what to stream", path)
        for place, metric in enumerate(self._args.metrics):
            path = f"{self._path}.metrics[{place}].percentiles"
            percentiles = metric.percentiles or []
            for statistic in percentiles:
                if not is_percentile(statistic):
                    raise InvalidArgsError.at(
                        path,
                        f"{statistic!r}: New Relic takes {_FORMAT} alone, in which streams send "
                        "percentiles alone: write one, such as p99",
                    )
            if len(percentiles) > PERCENTILES_PER_METRIC:
                raise InvalidArgsError.at(
                    path,
                    f"{len(percentiles)} percentiles: write at most {PERCENTILES_PER_METRIC}",
                )

    def _license_key(self) -> pulumi.Output[str]:
        """The key as a secret, once New Relic is known to be able to take it."""

        def check(key: str) -> None:
            refuse_distant_key(usable_license_key(key), self._args.datacenter)

        return checked_secret(self._args.license_key, check, f"{self._path}.license_key")

    def _child(self, *after: pulumi.Resource) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, depends_on=list(after))

    def _bucket(self) -> "aws.s3.Bucket":
        args = self._args
        bucket = aws.s3.Bucket(
            self._name,
            # Names of buckets are one list for all accounts.
            bucket=self._aws.apply(lambda at: of_bucket(f"{self._base}-{at.account}")),
            # What is in it is of no use once the stream is gone.
            force_destroy=True,
            tags=args.tags,
            region=args.region,
            opts=self._child(),
        )
        aws.s3.BucketPublicAccessBlock(
            self._name,
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            region=args.region,
            opts=self._child(),
        )
        aws.s3.BucketLifecycleConfiguration(
            self._name,
            bucket=bucket.bucket,
            rules=[
                {
                    "id": "failed-records",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "expiration": {"days": _BACKUP_DAYS},
                }
            ],
            region=args.region,
            opts=self._child(),
        )
        return bucket

    def _role(
        self, suffix: str, description: str, trust: pulumi.Input[str], rights: pulumi.Input[str]
    ) -> "tuple[aws.iam.Role, aws.iam.RolePolicy]":
        """A role of a service, and what it may do."""
        return service_role(
            self,
            f"{self._name}-{suffix}",
            name=within(f"{self._base}-{suffix}", _NAME_LENGTH),
            description=description,
            trust=trust,
            rights=rights,
            tags=self._args.tags,
        )

    def _firehose(
        self, bucket: "aws.s3.Bucket", key: pulumi.Output[str]
    ) -> "aws.kinesis.FirehoseDeliveryStream":
        role, rights = self._role(
            "firehose",
            "Firehose keeps what New Relic did not take",
            self._aws.apply(firehose_trust),
            bucket.arn.apply(backup_policy),
        )
        return aws.kinesis.FirehoseDeliveryStream(
            self._name,
            name=within(self._base, _NAME_LENGTH),
            destination="http_endpoint",
            http_endpoint_configuration={
                "url": METRIC_ENDPOINTS[self._args.datacenter],
                "name": "New Relic",
                "access_key": key,
                "buffering_size": _BUFFER_MIB,
                "buffering_interval": _BUFFER_SECONDS,
                "retry_duration": _RETRY_SECONDS,
                "role_arn": role.arn,
                "s3_backup_mode": "FailedDataOnly",
                "s3_configuration": {
                    "role_arn": role.arn,
                    "bucket_arn": bucket.arn,
                    "buffering_size": _BACKUP_MIB,
                    "buffering_interval": _BACKUP_SECONDS,
                    "compression_format": "GZIP",
                    "error_output_prefix": _FAILED_PREFIX,
                },
                "request_configuration": {"content_encoding": "GZIP"},
            },
            tags=self._args.tags,
            region=self._args.region,
            # Firehose tries the role when the stream is made.
            opts=self._child(rights),
        )

    def _metric_stream(
        self, firehose: "aws.kinesis.FirehoseDeliveryStream"
    ) -> aws.cloudwatch.MetricStream:
        role, rights = self._role(
            "stream",
            "CloudWatch streams metrics to New Relic",
            metric_stream_trust(),
            firehose.arn.apply(feeding_policy),
        )
        return aws.cloudwatch.MetricStream(
            self._name,
            name=within(self._base, _STREAM_NAME_LENGTH),
            firehose_arn=firehose.arn,
            role_arn=role.arn,
            output_format=_FORMAT,
            include_filters=[
                {"namespace": namespace, "metric_names": names}
                for namespace, names in self._names_by_namespace().items()
            ],
            statistics_configurations=[
                {
                    "additional_statistics": list(percentiles),
                    "include_metrics": [
                        {"namespace": metric.namespace, "metric_name": metric.name}
                        for metric in metrics
                    ],
                }
                for percentiles, metrics in self._metrics_by_percentiles().items()
            ]
            or None,
            tags=self._args.tags,
            region=self._args.region,
            opts=self._child(rights),
        )

    def _names_by_namespace(self) -> dict[str, list[str]]:
        listed: dict[str, list[str]] = {}
        for metric in self._args.metrics:
            listed.setdefault(metric.namespace, []).append(metric.name)
        return {namespace: sorted(set(names)) for namespace, names in sorted(listed.items())}

    def _metrics_by_percentiles(self) -> dict[tuple[str, ...], list[StreamedMetricArgs]]:
        metrics: dict[tuple[str, ...], list[StreamedMetricArgs]] = {}
        for metric in self._args.metrics:
            if metric.percentiles:
                metrics.setdefault(tuple(metric.percentiles), []).append(metric)
        return dict(sorted(metrics.items()))
