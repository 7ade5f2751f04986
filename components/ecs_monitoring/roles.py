"""The roles as which services of AWS act for the stack."""

from collections.abc import Mapping
from typing import Optional

import pulumi
import pulumi_aws as aws


def service_role(
    parent: pulumi.Resource,
    local_name: str,
    *,
    name: str,
    description: str,
    trust: pulumi.Input[str],
    rights: pulumi.Input[str],
    tags: Optional[Mapping[str, pulumi.Input[str]]],
) -> "tuple[aws.iam.Role, aws.iam.RolePolicy]":
    """Register a role of a service, and what it may do.

    What acts as the role at once comes after the second one, without which it may do nothing.

    Args:
        parent: the component.
        local_name: the Pulumi name of both.
        name: their name in AWS.
        description: what the role is for.
        trust: the policy that lets the service be it.
        rights: the policy that says what it may do.
        tags: the role's tags.
    """
    opts = pulumi.ResourceOptions(parent=parent)
    role = aws.iam.Role(
        local_name,
        name=name,
        description=description,
        assume_role_policy=trust,
        tags=tags,
        opts=opts,
    )
    policy = aws.iam.RolePolicy(local_name, name=name, role=role.name, policy=rights, opts=opts)
    return role, policy


def bounded_roles(boundary: str) -> pulumi.ResourceTransformation:
    """Gives every role of a program a permissions boundary, whichever component makes it.

    For ``pulumi.runtime.register_stack_transformation``, before anything else.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html

    Args:
        boundary: ARN of the policy that bounds them.
    """

    def transformed(
        args: pulumi.ResourceTransformationArgs,
    ) -> Optional[pulumi.ResourceTransformationResult]:
        if args.type_ != "aws:iam/role:Role":
            return None
        props = {**args.props, "permissions_boundary": boundary}
        return pulumi.ResourceTransformationResult(props, args.opts)

    return transformed
