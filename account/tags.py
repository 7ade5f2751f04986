"""The tags of alarms: asked for once for many, where there are many."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from account.account import AWS_ERRORS, Region, every_item

MANY: Final = 10
"""Alarms above which AWS is asked once for many. A choice: up to here one by one takes no more
requests than the answers for a whole account may have pages."""

# https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
_RESOURCES: Final = 100
_READERS: Final = 8

Tags = Mapping[str, str]


def tags_of(region: Region, arns: Sequence[str], key: str) -> dict[str, Tags]:
    """The tags of each alarm, by ARN.

    The Resource Groups Tagging API answers for a hundred alarms at a time; it needs
    ``tag:GetResources`` and may be some seconds behind. Whatever it does not tell is asked for
    alarm by alarm.

    Args:
        region: where the alarms are.
        arns: theirs.
        key: a tag that those alarms have whose tags matter.

    Raises:
        botocore.exceptions.ClientError: AWS refuses to tell.
    """
    tags = _together(region, key) if len(arns) > MANY else {}
    rest = [arn for arn in arns if arn not in tags]

    def of_alarm(arn: str) -> Tags:
        answer = region.cloudwatch.list_tags_for_resource(ResourceARN=arn)
        return {tag["Key"]: tag["Value"] for tag in answer["Tags"]}

    # One after another, a few hundred would take half a minute.
    with ThreadPoolExecutor(_READERS) as readers:
        tags |= zip(rest, readers.map(of_alarm, rest), strict=True)
    return tags


def _together(region: Region, key: str) -> dict[str, Tags]:
    """The tags of every alarm that has a tag; nothing where AWS does not tell."""
    if region.tagging is None:
        return {}
    request: dict[str, Any] = {
        "ResourceTypeFilters": ["cloudwatch:alarm"],
        "TagFilters": [{"Key": key}],
        "ResourcesPerPage": _RESOURCES,
    }
    try:
        return {
            mapping["ResourceARN"]: {tag["Key"]: tag["Value"] for tag in mapping["Tags"]}
            for mapping in every_item(
                region.tagging, "get_resources", "ResourceTagMappingList", **request
            )
        }
    except AWS_ERRORS:
        return {}
