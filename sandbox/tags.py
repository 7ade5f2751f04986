"""Tags as AWS's services list and take them, each in its own words."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final


class Tagging(ABC):
    """How a service's resources of some types are tagged.

    Attributes:
        service: the service's name, as boto3 has it.
        by: the property of a resource that names it to the calls; empty for its id.
    """

    service: str
    by: str = ""

    def named(self, id_: str, live: Mapping[str, Any]) -> str:
        """What names a resource to the calls, from its id and properties."""
        return str(live[self.by]) if self.by else id_

    @abstractmethod
    def of(self, client: Any, resource: str) -> dict[str, str]:
        """A resource's tags."""

    @abstractmethod
    def bring(self, client: Any, resource: str, wanted: Mapping[str, str]) -> None:
        """Bring a resource's tags to what is wanted."""


@dataclass(frozen=True, kw_only=True)
class TagCalls(Tagging):
    """Tags that one call lists, another sets and a third takes away.

    Attributes:
        resource: the argument that names the resource.
        lists: the call that lists the tags.
        sets: the call that sets some.
        removes: the call that takes some away.
        tags: the argument with tags, and the field of the answer.
        keys: the argument with the keys of tags.
        pair: what a tag's key and value are called; ``None`` where tags are a mapping.
    """

    service: str
    by: str = ""
    resource: str = "ResourceARN"
    lists: str = "list_tags_for_resource"
    sets: str = "tag_resource"
    removes: str = "untag_resource"
    tags: str = "Tags"
    keys: str = "TagKeys"
    pair: tuple[str, str] | None = ("Key", "Value")

    def of(self, client: Any, resource: str) -> dict[str, str]:
        """A resource's tags."""
        listed = getattr(client, self.lists)(**{self.resource: resource}).get(self.tags, {})
        return from_pairs(listed, *self.pair) if self.pair else dict(listed)

    def bring(self, client: Any, resource: str, wanted: Mapping[str, str]) -> None:
        """Bring a resource's tags to what is wanted."""
        to_set, to_remove = changes(wanted, self.of(client, resource))
        if to_remove:
            getattr(client, self.removes)(**{self.resource: resource, self.keys: to_remove})
        if to_set:
            asked = {self.resource: resource, self.tags: self.as_taken(to_set)}
            getattr(client, self.sets)(**asked)

    def as_taken(self, tags: Mapping[str, str] | None) -> Any:
        """Tags as the service takes them, for a new resource as well."""
        return pairs(tags, *self.pair) if self.pair else dict(tags or {})


CHATBOT: Final = TagCalls(service="chatbot", pair=("TagKey", "TagValue"))
CLOUDWATCH: Final = TagCalls(service="cloudwatch", by="arn")
EVENTS: Final = TagCalls(service="events", by="arn")
FIREHOSE: Final = TagCalls(
    service="firehose",
    by="name",
    resource="DeliveryStreamName",
    lists="list_tags_for_delivery_stream",
    sets="tag_delivery_stream",
    removes="untag_delivery_stream",
)
IAM: Final = TagCalls(
    service="iam",
    resource="RoleName",
    lists="list_role_tags",
    sets="tag_role",
    removes="untag_role",
)
KMS: Final = TagCalls(
    service="kms",
    resource="KeyId",
    lists="list_resource_tags",
    pair=("TagKey", "TagValue"),
)
LOGS: Final = TagCalls(
    service="logs", by="arn", resource="resourceArn", tags="tags", keys="tagKeys", pair=None
)
SNS: Final = TagCalls(service="sns", resource="ResourceArn")
SQS: Final = TagCalls(
    service="sqs",
    resource="QueueUrl",
    lists="list_queue_tags",
    sets="tag_queue",
    removes="untag_queue",
    pair=None,
)


def changes(wanted: Mapping[str, str], live: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The tags to set, and the keys of those to take away."""
    to_set = {key: value for key, value in wanted.items() if live.get(key) != value}
    return to_set, [key for key in live if key not in wanted]


def pairs(mapping: Mapping[str, str] | None, key: str = "Key", value: str = "Value") -> list[Any]:
    """A mapping as the list of pairs that most AWS APIs take, by name.

    The Pulumi engine hands mappings on in any order, and a list keeps the order it is given.
    """
    return [{key: name, value: text} for name, text in sorted((mapping or {}).items())]


def from_pairs(
    items: Iterable[Mapping[str, str]], key: str = "Key", value: str = "Value"
) -> dict[str, str]:
    """A mapping from the list of pairs that most AWS APIs return."""
    return {item[key]: item[value] for item in items}
