"""What AWS answers to a program that runs in process: placeholders for what it alone knows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pulumi

from ecs_monitoring.catalog.regions import partition_of
from ecs_monitoring.rules.health import TARGET_GROUP_HEALTH_CHECK

_PROVIDER_TYPE: Final = "pulumi:providers:aws"

# Where an ARN is not the service's name, its place, and the resource's name.
_ARN_FORMS: Final = {
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": (
        "chatbot::{account}:chat-configuration/slack-channel/{name}"
    ),
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": (
        "chatbot::{account}:chat-configuration/microsoft-teams-channel/{name}"
    ),
    # In the provider's module of CloudWatch, as they once were in AWS.
    "aws:cloudwatch/eventRule:EventRule": "events:{region}:{account}:rule/{name}",
    "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": (
        "cloudwatch:{region}:{account}:alarm-mute-rule:{name}"
    ),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": "cloudwatch:{region}:{account}:alarm:{name}",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "cloudwatch:{region}:{account}:alarm:{name}",
    "aws:cloudwatch/metricStream:MetricStream": (
        "cloudwatch:{region}:{account}:metric-stream/{name}"
    ),
    "aws:iam/role:Role": "iam::{account}:role/{name}",
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (
        "firehose:{region}:{account}:deliverystream/{name}"
    ),
    "aws:kms/key:Key": "kms:{region}:{account}:key/{name}",
    "aws:s3/bucket:Bucket": "s3:::{bucket}",
    "aws:scheduler/schedule:Schedule": "scheduler:{region}:{account}:schedule/default/{name}",
}

ACCOUNT: Final = "123456789012"
"""The account that stands in for the real one (the one of AWS's documentation)."""


@dataclass(frozen=True)
class _Place:
    """Where a provider works."""

    region: str
    account: str = ACCOUNT

    @property
    def partition(self) -> str:
        return partition_of(self.region).name

    @property
    def domain(self) -> str:
        return partition_of(self.region).domain


class PlaceholderAws(pulumi.runtime.Mocks):
    """Answers as AWS would, with placeholders for what only a deployment can know.

    A provider of the program's own answers for its own region, and for the account and partition
    of the role that it assumes.

    Args:
        region: the region that the default provider is said to be configured for; it tells the
            partition.
        account: its account.
    """

    def __init__(self, region: str, *, account: str = ACCOUNT) -> None:
        self.region = region
        self._default = _Place(region, account)
        self._places: dict[str, _Place] = {}

    def new_resource(
        self, args: pulumi.runtime.MockResourceArgs
    ) -> tuple[str | None, dict[str, Any]]:
        """Every input comes back, with an ARN and an id."""
        inputs = dict(args.inputs)
        if args.typ == _PROVIDER_TYPE:
            self._places[args.name] = self._assumed(inputs)
        if args.typ.startswith("aws:"):
            place = self._place(args.provider)
            inputs.setdefault("arn", self._arn(args, place))
            inputs.setdefault(
                "url", f"https://sqs.{place.region}.{place.domain}/{place.account}/{args.name}"
            )
            inputs.setdefault("keyId", f"key-{args.name}")
            inputs.setdefault("chatConfigurationArn", self._arn(args, place))
        return f"{args.name}-id", inputs

    def call(
        self, args: pulumi.runtime.MockCallArgs
    ) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """The data sources that the components ask."""
        place = self._place(args.provider)
        answers: dict[str, dict[str, Any]] = {
            "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": place.account},
            "aws:index/getPartition:getPartition": {"partition": place.partition},
            "aws:index/getRegion:getRegion": {"region": place.region},
            "aws:lb/getTargetGroup:getTargetGroup": {
                **args.args,
                "healthCheck": {
                    _camel(name): value for name, value in TARGET_GROUP_HEALTH_CHECK.items()
                },
            },
        }
        if args.token not in answers:
            raise LookupError(f"no answer for the data source {args.token}")
        return answers[args.token], []

    def _place(self, provider: str | None) -> _Place:
        """Where a provider works, by its reference ``<urn>::<id>``; the default one if none."""
        name = provider.split("::")[-2] if provider else ""
        return self._places.get(name, self._default)

    def _assumed(self, inputs: Mapping[str, Any]) -> _Place:
        """Where a provider with these settings works."""
        region = inputs.get("region", self.region)
        # The settings of a provider are text, whatever they hold.
        for role in json.loads(inputs.get("assumeRoles", "[]")):
            return _Place(region, role["roleArn"].split(":")[4])
        return replace(self._default, region=region)

    def _arn(self, args: pulumi.runtime.MockResourceArgs, place: _Place) -> str:
        service = args.typ.split(":")[1].split("/")[0]
        region = args.inputs.get("region", place.region)
        given = (args.inputs.get(key) for key in ("name", "alarmName", "configurationName"))
        name = next((candidate for candidate in given if candidate), args.name)
        form = _ARN_FORMS.get(args.typ) or f"{service}:{{region}}:{{account}}:{{name}}"
        rest = form.format(
            region=region,
            account=place.account,
            name=name,
            bucket=args.inputs.get("bucket", args.name),
        )
        return f"arn:{place.partition}:{rest}"


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
