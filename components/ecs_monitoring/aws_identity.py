"""Where a program's resources are made: account, partition and Region, as their provider says."""

from dataclasses import dataclass, replace
from typing import Any, Final, Optional

import pulumi
import pulumi_aws as aws

_KEPT_ANSWER: Final = "_aws_identity"


@dataclass(frozen=True, kw_only=True)
class AwsIdentity:
    """Where the stack runs.

    Attributes:
        account: the account's id.
        partition: ``aws``, ``aws-cn`` or ``aws-us-gov``.
        region: the region's name.
    """

    account: str
    partition: str
    region: str

    @property
    def root(self) -> str:
        """ARN of the account itself as a principal."""
        return f"arn:{self.partition}:iam::{self.account}:root"

    @property
    def alarms_only(self) -> dict[str, Any]:
        """The condition that only alarms of this account and region meet."""
        alarms = f"arn:{self.partition}:cloudwatch:{self.region}:{self.account}:alarm:*"
        return {
            "StringEquals": {"aws:SourceAccount": self.account},
            "ArnLike": {"aws:SourceArn": alarms},
        }


def aws_identity(
    parent: pulumi.Resource, region: Optional[str] = None
) -> pulumi.Output[AwsIdentity]:
    """Ask the parent's provider, once a program; ``region`` wins over the provider's own."""
    provider = parent.get_provider("aws:index/provider:Provider")
    # The stack keeps what the default provider answers, which is no resource of the program.
    keeper = vars(provider or pulumi.runtime.get_root_resource() or parent)
    if _KEPT_ANSWER not in keeper:
        keeper[_KEPT_ANSWER] = _asked(pulumi.InvokeOptions(parent=parent))
    identity: pulumi.Output[AwsIdentity] = keeper[_KEPT_ANSWER]
    return identity.apply(lambda at: replace(at, region=region)) if region else identity


def _asked(opts: pulumi.InvokeOptions) -> pulumi.Output[AwsIdentity]:
    return pulumi.Output.all(
        account=aws.get_caller_identity_output(opts=opts).account_id,
        partition=aws.get_partition_output(opts=opts).partition,
        region=aws.get_region_output(opts=opts).region,
    ).apply(lambda answers: AwsIdentity(**answers))
