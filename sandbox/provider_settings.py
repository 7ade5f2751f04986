"""What a provider instance is configured with, as far as the sandbox honours it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.wire import UNKNOWN, Secret, holds_secret, holds_unknown, revealed

_DEFAULT_TAGS: Final = "defaultTags"

# Settings that make no difference to an emulator without accounts and roles.
_HARMLESS: Final = frozenset(
    {
        "accessKey",
        "allowedAccountIds",
        "assumeRoles",
        "assumeRoleWithWebIdentity",
        "forbiddenAccountIds",
        "maxRetries",
        "profile",
        "retryMode",
        "s3UsePathStyle",
        "secretKey",
        "sharedConfigFiles",
        "sharedCredentialsFiles",
        "skipCredentialsValidation",
        "skipMetadataApiCheck",
        "skipRegionValidation",
        "skipRequestingAccountId",
        "token",
        "version",
    }
)
_HONOURED: Final = frozenset({"region", _DEFAULT_TAGS})


@dataclass(frozen=True, kw_only=True)
class ProviderSettings:
    """A provider instance's settings.

    Attributes:
        region: where its resources are that name no region of their own.
        default_tags: go on everything that can carry tags; a resource's own tags win.
    """

    region: str
    default_tags: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, properties: Mapping[str, Any], *, region: str = "") -> "ProviderSettings":
        """Settings from a provider's properties.

        Args:
            properties: on the wire, where nested values are JSON texts.
            region: where the properties name none.

        Raises:
            ValueError: one of them cannot be honoured.
        """
        if faults := setting_faults(properties):
            raise ValueError("; ".join(faults.values()))
        plain = revealed(properties)
        return cls(
            region=str(plain.get("region") or region),
            default_tags=_nested(plain.get(_DEFAULT_TAGS) or {}).get("tags", {}),
        )

    def all_tags(self, tags: Any) -> Any:
        """The tags that a resource gets at AWS; ``UNKNOWN`` and ``Secret`` as its own are.

        As the provider merges them in its check of inputs:
        https://github.com/pulumi/pulumi-aws/blob/master/provider/tags.go
        """
        if holds_unknown(tags):
            return UNKNOWN
        merged = {**self.default_tags, **(revealed(tags) or {})}
        return Secret(merged) if holds_secret(tags) else merged

    def own_tags(
        self, live: Mapping[str, str], registered: Mapping[str, str] | None
    ) -> dict[str, str]:
        """A resource's tags at AWS without those that are there by default alone.

        Args:
            live: as AWS lists them.
            registered: the resource's own tags as they were last known; a tag among them that says
                the same as the default stays its own.
        """
        return {
            key: value
            for key, value in live.items()
            if self.default_tags.get(key) != value or key in (registered or {})
        }


def setting_faults(properties: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a provider's properties, by property."""
    faults = {
        name: f"the sandbox does not honour the provider setting {name}"
        for name in properties
        if name not in _HARMLESS | _HONOURED
    }
    default_tags = properties.get(_DEFAULT_TAGS)
    if default_tags is not None and not _are_default_tags(revealed(default_tags)):
        faults[_DEFAULT_TAGS] = (
            "aws:defaultTags is a mapping whose one key is tags: write the tags as texts under it, "
            "such as aws:defaultTags: {tags: {CostCenter: shop}}"
        )
    return faults


def _are_default_tags(value: Any) -> bool:
    nested = _nested(value)
    if not isinstance(nested, dict) or set(nested) - {"tags"}:
        return False
    tags = nested.get("tags", {})
    return isinstance(tags, dict) and all(isinstance(text, str) for text in tags.values())


def _nested(value: Any) -> Any:
    """A nested setting, which the engine and the SDKs send as JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
