"""Buckets of S3, who may never read them, and how long they keep what is in them."""

from collections.abc import Mapping
from typing import Any, Final

from sandbox.clients import AwsError, error_code
from sandbox.handlers.base import TAGS, Handler, Place, Property, from_api, renamed, unless_gone
from sandbox.tags import Tagging, from_pairs, pairs
from sandbox.wire import Properties

_GONE: Final = ("NoSuchBucket", "404")

# The only region that wants no constraint on where a bucket is:
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html
UNNAMED_REGION: Final = "us-east-1"


class _BucketTags(Tagging):
    """S3 has all tags of a bucket, or none, in one call."""

    service = "s3"

    def of(self, client: Any, resource: str) -> dict[str, str]:
        """A bucket's tags."""
        answer = unless_gone(lambda: client.get_bucket_tagging(Bucket=resource), "NoSuchTagSet")
        return from_pairs(answer["TagSet"]) if answer else {}

    def bring(self, client: Any, resource: str, wanted: Mapping[str, str]) -> None:
        """Bring a bucket's tags to what is wanted."""
        if wanted:
            client.put_bucket_tagging(Bucket=resource, Tagging={"TagSet": pairs(wanted)})
        else:
            client.delete_bucket_tagging(Bucket=resource)


BUCKET_TAGS: Final = _BucketTags()


class BucketHandler(Handler):
    """A bucket."""

    type = "aws:s3/bucket:Bucket"
    inputs = {
        "bucket": Property(required=True, replaces=True),
        "forceDestroy": Property(default=False, local=True),
        "tags": TAGS,
    }
    outputs = frozenset({"arn"})
    named = "bucket"
    tagging = BUCKET_TAGS

    def create(self, aws: Place, inputs: Properties) -> str:
        """Create the bucket; one of that name that is there already is an error."""
        elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": aws.region}}
        aws.client("s3").create_bucket(
            Bucket=inputs["bucket"], **({} if aws.region == UNNAMED_REGION else elsewhere)
        )
        return str(inputs["bucket"])

    def complete(self, aws: Place, id_: str, inputs: Properties) -> None:
        """Tag the new bucket, for which S3 has a call of its own."""
        if inputs.get("tags"):
            BUCKET_TAGS.bring(aws.client("s3"), id_, inputs["tags"])

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """See whether the bucket is there."""
        if unless_gone(lambda: aws.client("s3").head_bucket(Bucket=id_), *_GONE) is None:
            return None
        return {"bucket": id_, "arn": f"arn:aws:s3:::{id_}"}

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Nothing of a bucket itself can change."""

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the bucket; what is still in it only where that was wanted."""
        s3 = aws.client("s3")
        try:
            if state.get("forceDestroy"):
                for page in s3.get_paginator("list_object_versions").paginate(Bucket=id_):
                    for version in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                        s3.delete_object(
                            Bucket=id_, Key=version["Key"], VersionId=version["VersionId"]
                        )
            s3.delete_bucket(Bucket=id_)
        except AwsError as error:
            if error_code(error) not in _GONE:
                raise


class BucketPublicAccessBlockHandler(Handler):
    """What a bucket never lets the public do."""

    type = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
    _FIELDS: Final = {
        "blockPublicAcls": "BlockPublicAcls",
        "blockPublicPolicy": "BlockPublicPolicy",
        "ignorePublicAcls": "IgnorePublicAcls",
        "restrictPublicBuckets": "RestrictPublicBuckets",
    }
    inputs = {
        "bucket": Property(required=True, replaces=True),
        **dict.fromkeys(_FIELDS, Property(default=False)),
    }

    def create(self, aws: Place, inputs: Properties) -> str:
        """Set what is blocked."""
        bucket = str(inputs["bucket"])
        self._put(aws, bucket, inputs)
        return bucket

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Get what is blocked."""
        answer = unless_gone(
            lambda: aws.client("s3").get_public_access_block(Bucket=id_),
            *_GONE,
            "NoSuchPublicAccessBlockConfiguration",
        )
        if answer is None:
            return None
        block = answer["PublicAccessBlockConfiguration"]
        return {"bucket": id_, **from_api(self._FIELDS, block)}

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Set what is blocked, whole."""
        self._put(aws, id_, inputs)

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Block nothing any more."""
        unless_gone(lambda: aws.client("s3").delete_public_access_block(Bucket=id_), *_GONE)

    def _put(self, aws: Place, bucket: str, inputs: Properties) -> None:
        blocked = {api: bool(inputs.get(name)) for name, api in self._FIELDS.items()}
        aws.client("s3").put_public_access_block(
            Bucket=bucket, PublicAccessBlockConfiguration=blocked
        )


class BucketLifecycleConfigurationHandler(Handler):
    """How long a bucket keeps what is in it."""

    type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    inputs = {
        "bucket": Property(required=True, replaces=True),
        "rules": Property(required=True),
    }
    limitations = ("nothing in the emulator expires",)

    def create(self, aws: Place, inputs: Properties) -> str:
        """Set the rules."""
        bucket = str(inputs["bucket"])
        _put_rules(aws, bucket, inputs["rules"])
        return bucket

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Get the rules."""
        rules = lifecycle_rules(aws.client("s3"), id_)
        return None if rules is None else {"bucket": id_, "rules": rules}

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Set the rules, whole."""
        _put_rules(aws, id_, inputs["rules"])

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Keep everything for ever again."""
        unless_gone(lambda: aws.client("s3").delete_bucket_lifecycle(Bucket=id_), *_GONE)


def lifecycle_rules(s3: Any, bucket: str) -> list[dict[str, Any]] | None:
    """A bucket's rules in the provider's words, if it has any."""
    answer = unless_gone(
        lambda: s3.get_bucket_lifecycle_configuration(Bucket=bucket),
        *_GONE,
        "NoSuchLifecycleConfiguration",
    )
    if answer is None:
        return None
    return [
        renamed({"Id" if name == "ID" else name: value for name, value in rule.items()}, str.lower)
        for rule in answer["Rules"]
    ]


def _put_rules(aws: Place, bucket: str, rules: list[dict[str, Any]]) -> None:
    written = [
        {"ID" if name == "Id" else name: value for name, value in renamed(rule, str.upper).items()}
        for rule in rules
    ]
    aws.client("s3").put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration={"Rules": written}
    )
