"""One metric of one account and region, and the folder that it is archived in."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final, Self

from ecs_monitoring.cloudwatch.definition import MetricKey

# Digits of SHA-256 in a folder's name: 48 bits, so that even a million metrics of one name
# hardly ever meet. Each file says which metric it holds, so a meeting would be noticed.
_HASH_DIGITS: Final = 12

# Names of files may have 255 bytes; a metric's name alone may have as many characters.
_NAME_LENGTH: Final = 80

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9-]+")


@dataclass(frozen=True, kw_only=True)
class ArchivedMetric:
    """What tells one metric from all others.

    Attributes:
        account: the AWS account's id.
        region: such as ``ap-northeast-1``.
        key: namespace, name and dimensions.
    """

    account: str
    region: str
    key: MetricKey

    @property
    def folder(self) -> PurePath:
        """``<account>/<region>/<namespace>/<name>-<hash of all of it>``, in safe characters."""
        identity = json.dumps(self.as_json(), sort_keys=True)
        digest = hashlib.sha256(identity.encode()).hexdigest()[:_HASH_DIGITS]
        name = f"{safe(self.key.name)}-{digest}"
        return PurePath(safe(self.account), safe(self.region), safe(self.key.namespace), name)

    @property
    def words(self) -> str:
        """The metric for people: ``AWS/ECS CPUUtilization (ClusterName=main)``."""
        pairs = ", ".join(f"{name}={value}" for name, value in sorted(self.key.dimensions))
        name = f"{self.key.namespace} {self.key.name}"
        return f"{name} ({pairs})" if pairs else name

    def as_json(self) -> dict[str, Any]:
        """The metric for files and scripts."""
        return {
            "account": self.account,
            "region": self.region,
            "namespace": self.key.namespace,
            "name": self.key.name,
            "dimensions": dict(sorted(self.key.dimensions)),
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """The metric that ``as_json`` wrote.

        Raises:
            KeyError: something is missing.
            AttributeError: the dimensions are no mapping.
        """
        key = MetricKey(
            namespace=fields["namespace"],
            name=fields["name"],
            dimensions=frozenset(fields["dimensions"].items()),
        )
        return cls(account=fields["account"], region=fields["region"], key=key)


def safe(name: str) -> str:
    """A name as a part of a path on any file system; different names may become the same."""
    return _UNSAFE.sub("_", name)[:_NAME_LENGTH] or "_"
