"""Tags: their grammar, and how many a resource takes, with the AWS provider's default ones."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

import pulumi
from pydantic import AfterValidator

from ecs_monitoring.words import did_you_mean
from settings.errors import SettingsProblem, shown_value

if TYPE_CHECKING:
    from settings.model import StackSettings

_DEFAULT_TAGS: Final = "aws:defaultTags"

# https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
_MOST: Final = 50

# AlarmKey, Target, Severity and Unit: no resource gets more from its component.
_OWN_OF_ALARMS: Final = 4

# https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeTagsForResource.html
_MOST_OF_HEALTH_CHECKS: Final = 10
_OWN_OF_HEALTH_CHECKS: Final = 1


def _text(value: str) -> str:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Tag.html
    if len(value) > 256 or not all(c.isalnum() or c in " _.:/=+-@" for c in value):
        raise ValueError("write up to 256 letters, digits, spaces and _ . : / = + - @")
    return value


def _key(value: str) -> str:
    if not 1 <= len(value) <= 128 or value.lower().startswith("aws:"):
        raise ValueError("is no tag key: write 1 to 128 characters that do not start with aws:")
    return _text(value)


TagKey = Annotated[str, AfterValidator(_key)]
TagValue = Annotated[str, AfterValidator(_text)]


def tag_problems(settings: "StackSettings") -> Iterator[SettingsProblem]:
    """Default tags that are none, and more tags than a resource takes."""
    raw = _default_tags()
    if fault := _form_fault(raw):
        yield SettingsProblem(_DEFAULT_TAGS, shown_value(raw), fault)
        return
    default: Mapping[str, str] = raw.get("tags") or {}
    for key, value in default.items():
        for check, text in ((_key, key), (_text, value)):
            try:
                check(text)
            except ValueError as error:
                yield SettingsProblem(f"{_DEFAULT_TAGS}.tags", shown_value(text), str(error))
    # A resource's own tag stands where both have it.
    count = len({*default, *settings.tags})
    room = _MOST - _OWN_OF_ALARMS
    holder = "an alarm"
    if any(kind.key == "health" and targets for kind, targets in settings.targets()):
        room, holder = _MOST_OF_HEALTH_CHECKS - _OWN_OF_HEALTH_CHECKS, "a health check of Route 53"
    if count > room:
        also = f", with those of {_DEFAULT_TAGS}" if default else ""
        yield SettingsProblem(
            settings.path("tags"),
            "",
            f"{count} tags{also}: {holder} has room for {room} besides its own; write fewer",
        )


def _default_tags() -> Any:
    text = pulumi.Config("aws").get("defaultTags")
    if not text:
        return {}
    try:
        return json.loads(text)
    except ValueError:
        return text


def _form_fault(raw: Any) -> str:
    """What is wrong with the form of the default tags; empty where nothing is.

    https://www.pulumi.com/registry/packages/aws/installation-configuration/#configuration-options
    """
    if not isinstance(raw, Mapping):
        return "write a mapping with tags under it, such as tags: {Team: payments}"
    for key in raw:
        if key != "tags":
            return f'unknown key "{key}"{did_you_mean(key, ["tags"])}; default tags stand under it'
    tags = raw.get("tags") or {}
    if not isinstance(tags, Mapping) or not all(isinstance(v, str) for v in tags.values()):
        return "write tags as a mapping of texts, such as tags: {Team: payments}"
    return ""
