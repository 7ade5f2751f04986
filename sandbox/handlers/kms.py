"""aws:kms/key:Key and aws:kms/alias:Alias."""

from typing import Any, Final

from sandbox.handlers.base import TAGS, Handler, Place, Property, as_json, unless_gone
from sandbox.tags import KMS
from sandbox.wire import Properties

_POLICY: Final = "default"
"""KMS calls a key's only policy this."""


class KeyHandler(Handler):
    """A KMS key."""

    type = "aws:kms/key:Key"
    inputs = {
        "description": Property(computed=True),
        "customerMasterKeySpec": Property(default="SYMMETRIC_DEFAULT", replaces=True),
        "keyUsage": Property(default="ENCRYPT_DECRYPT", replaces=True),
        "enableKeyRotation": Property(default=False),
        "policy": Property(computed=True, form=as_json),
        "deletionWindowInDays": Property(local=True),
        "bypassPolicyLockoutSafetyCheck": Property(default=False, local=True),
        "tags": TAGS,
    }
    outputs = frozenset({"arn", "keyId"})
    tagging = KMS
    limitations = ("the emulator encrypts nothing that goes through topics and queues",)

    def create(self, aws: Place, inputs: Properties) -> str:
        """Create the key."""
        request = {
            "KeySpec": inputs.get("customerMasterKeySpec", "SYMMETRIC_DEFAULT"),
            "KeyUsage": inputs.get("keyUsage", "ENCRYPT_DECRYPT"),
            "Tags": KMS.as_taken(inputs.get("tags")),
        }
        if inputs.get("description"):
            request["Description"] = inputs["description"]
        if inputs.get("policy"):
            request["Policy"] = inputs["policy"]
        return str(aws.client("kms").create_key(**request)["KeyMetadata"]["KeyId"])

    def complete(self, aws: Place, id_: str, inputs: Properties) -> None:
        """Turn the rotation on."""
        if inputs.get("enableKeyRotation"):
            aws.client("kms").enable_key_rotation(KeyId=id_)

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Describe the key; one that waits for its deletion is gone."""
        kms = aws.client("kms")
        metadata = _metadata(aws, id_)
        if metadata is None or metadata["KeyState"] == "PendingDeletion":
            return None
        return {
            "description": metadata.get("Description", ""),
            "customerMasterKeySpec": metadata["KeySpec"],
            "keyUsage": metadata.get("KeyUsage", "ENCRYPT_DECRYPT"),
            "enableKeyRotation": kms.get_key_rotation_status(KeyId=id_)["KeyRotationEnabled"],
            "policy": kms.get_key_policy(KeyId=id_, PolicyName=_POLICY)["Policy"],
            "arn": metadata["Arn"],
            "keyId": metadata["KeyId"],
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Set what changed, each with its own call."""
        kms = aws.client("kms")
        if "enableKeyRotation" in changed:
            if inputs.get("enableKeyRotation"):
                kms.enable_key_rotation(KeyId=id_)
            else:
                kms.disable_key_rotation(KeyId=id_)
        if "description" in changed:
            kms.update_key_description(KeyId=id_, Description=inputs.get("description", ""))
        if "policy" in changed:
            kms.put_key_policy(KeyId=id_, PolicyName=_POLICY, Policy=inputs["policy"])

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Schedule the key's deletion; KMS deletes none at once."""
        metadata = _metadata(aws, id_)
        if metadata is not None and metadata["KeyState"] != "PendingDeletion":
            aws.client("kms").schedule_key_deletion(
                KeyId=id_, PendingWindowInDays=int(state.get("deletionWindowInDays") or 30)
            )


class AliasHandler(Handler):
    """A name for a KMS key."""

    type = "aws:kms/alias:Alias"
    inputs = {
        "name": Property(required=True, replaces=True),
        "targetKeyId": Property(required=True),
    }
    outputs = frozenset({"arn", "targetKeyArn"})

    def create(self, aws: Place, inputs: Properties) -> str:
        """Create the alias; one of that name that is there already is an error."""
        aws.client("kms").create_alias(AliasName=inputs["name"], TargetKeyId=inputs["targetKeyId"])
        return str(inputs["name"])

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Find the alias among all."""
        for page in aws.client("kms").get_paginator("list_aliases").paginate():
            for alias in page["Aliases"]:
                if alias["AliasName"] == id_:
                    metadata = _metadata(aws, alias["TargetKeyId"]) or {}
                    return {
                        "name": alias["AliasName"],
                        "targetKeyId": alias["TargetKeyId"],
                        "arn": alias["AliasArn"],
                        "targetKeyArn": metadata.get("Arn"),
                    }
        return None

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Point the alias to another key."""
        aws.client("kms").update_alias(AliasName=id_, TargetKeyId=inputs["targetKeyId"])

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the alias."""
        unless_gone(lambda: aws.client("kms").delete_alias(AliasName=id_), "NotFoundException")


def _metadata(aws: Place, id_: str) -> dict[str, Any] | None:
    return unless_gone(
        lambda: dict(aws.client("kms").describe_key(KeyId=id_)["KeyMetadata"]), "NotFoundException"
    )
