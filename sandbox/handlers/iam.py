"""aws:iam/role:Role and aws:iam/rolePolicy:RolePolicy."""

import json
from typing import Any, Final

from sandbox.handlers.base import TAGS, Handler, Place, Property, as_json, unless_gone
from sandbox.tags import IAM, pairs
from sandbox.wire import Properties

_GONE: Final = "NoSuchEntity"


class RoleHandler(Handler):
    """An IAM role."""

    type = "aws:iam/role:Role"
    # What the provider sends where nothing is given: https://www.pulumi.com/registry/packages/aws/api-docs/iam/role/#inputs
    inputs = {
        "name": Property(required=True, replaces=True),
        "assumeRolePolicy": Property(required=True, form=as_json),
        "description": Property(),
        "maxSessionDuration": Property(default=3600),
        "path": Property(default="/", replaces=True),
        "permissionsBoundary": Property(),
        "tags": TAGS,
    }
    outputs = frozenset({"arn", "uniqueId"})
    tagging = IAM
    named = "name"
    regional = False
    limitations = ("the emulator does not check what a role may do, nor who may take it",)

    def create(self, aws: Place, inputs: Properties) -> str:
        """Create the role; one of that name that is there already is an error."""
        boundary = inputs.get("permissionsBoundary")
        answer = aws.client("iam").create_role(
            RoleName=inputs["name"],
            **({"PermissionsBoundary": boundary} if boundary else {}),
            AssumeRolePolicyDocument=inputs["assumeRolePolicy"],
            Description=inputs.get("description", ""),
            MaxSessionDuration=inputs.get("maxSessionDuration", 3600),
            Path=inputs.get("path", "/"),
            Tags=pairs(inputs.get("tags")),
        )
        return str(answer["Role"]["RoleName"])

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Get the role."""
        role = _role(aws, id_)
        if role is None:
            return None
        return {
            "name": role["RoleName"],
            "assumeRolePolicy": json.dumps(role["AssumeRolePolicyDocument"]),
            "description": role.get("Description", ""),
            "maxSessionDuration": role["MaxSessionDuration"],
            "path": role["Path"],
            "permissionsBoundary": role.get("PermissionsBoundary", {}).get(
                "PermissionsBoundaryArn", ""
            ),
            "arn": role["Arn"],
            "uniqueId": role["RoleId"],
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Set what changed, each with its own call."""
        iam = aws.client("iam")
        if "assumeRolePolicy" in changed:
            iam.update_assume_role_policy(RoleName=id_, PolicyDocument=inputs["assumeRolePolicy"])
        if changed & {"description", "maxSessionDuration"}:
            iam.update_role(
                RoleName=id_,
                Description=inputs.get("description", ""),
                MaxSessionDuration=inputs.get("maxSessionDuration", 3600),
            )
        if "permissionsBoundary" in changed:
            if boundary := inputs.get("permissionsBoundary"):
                iam.put_role_permissions_boundary(RoleName=id_, PermissionsBoundary=boundary)
            else:
                iam.delete_role_permissions_boundary(RoleName=id_)

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the role; one that still has policies is an error."""
        unless_gone(lambda: aws.client("iam").delete_role(RoleName=id_), _GONE)


class RolePolicyHandler(Handler):
    """A policy inside a role."""

    type = "aws:iam/rolePolicy:RolePolicy"
    inputs = {
        "name": Property(required=True, replaces=True),
        "role": Property(required=True, replaces=True),
        "policy": Property(required=True, form=as_json),
    }
    named = "name"
    regional = False

    def create(self, aws: Place, inputs: Properties) -> str:
        """Put the policy into the role."""
        _put(aws, str(inputs["role"]), str(inputs["name"]), str(inputs["policy"]))
        return f"{inputs['role']}:{inputs['name']}"

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Get the policy from its role."""
        role, _, name = id_.partition(":")
        answer = unless_gone(
            lambda: aws.client("iam").get_role_policy(RoleName=role, PolicyName=name), _GONE
        )
        if answer is None:
            return None
        return {
            "name": answer["PolicyName"],
            "role": answer["RoleName"],
            "policy": json.dumps(answer["PolicyDocument"]),
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Put the policy into the role again."""
        _put(aws, str(inputs["role"]), str(inputs["name"]), str(inputs["policy"]))

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Take the policy out of its role."""
        role, _, name = id_.partition(":")
        unless_gone(
            lambda: aws.client("iam").delete_role_policy(RoleName=role, PolicyName=name), _GONE
        )


def _role(aws: Place, name: str) -> dict[str, Any] | None:
    return unless_gone(lambda: dict(aws.client("iam").get_role(RoleName=name)["Role"]), _GONE)


def _put(aws: Place, role: str, name: str, policy: str) -> None:
    aws.client("iam").put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=policy)
