"""The tags of alarms: one by one for a few, together for many."""

from dataclasses import replace
from typing import Any

import pytest

from account.account import Region
from account.tags import tags_of
from tests.account.emulated import answering
from tests.account.recorded import Answer, Recorded, refused

ARNS = [f"arn:{number}" for number in range(11)]


def tagged(number: int | str) -> list[dict[str, str]]:
    return [{"Key": "Target", "Value": f"s{number}"}]


def listed(ResourceARN: str) -> dict[str, Any]:  # noqa: N803
    return {"Tags": tagged(ResourceARN.removeprefix("arn:"))}


def mapped(*numbers: int) -> dict[str, Any]:
    return {
        "ResourceTagMappingList": [
            {"ResourceARN": f"arn:{number}", "Tags": tagged(number)} for number in numbers
        ]
    }


def region(together: Answer | None) -> tuple[Region, Recorded, Recorded]:
    cloudwatch = Recorded(list_tags_for_resource=listed)
    tagging = Recorded(**({} if together is None else {"get_resources": together}))
    found = replace(answering(), cloudwatch=cloudwatch, tagging=tagging if together else None)
    return found, cloudwatch, tagging


def asked_one_by_one(cloudwatch: Recorded) -> list[str]:
    # Several at once, in no order of their own.
    return sorted(request["ResourceARN"] for _, request in cloudwatch.asked)


def test_ten_are_asked_for_one_by_one() -> None:
    here, cloudwatch, tagging = region(mapped(*range(10)))
    assert tags_of(here, ARNS[:10], "AlarmKey") == {
        f"arn:{n}": {"Target": f"s{n}"} for n in range(10)
    }
    assert asked_one_by_one(cloudwatch) == ARNS[:10]
    assert tagging.asked == []


def test_eleven_are_asked_for_together() -> None:
    here, cloudwatch, tagging = region([mapped(*range(10)), mapped(10)])
    assert tags_of(here, ARNS, "AlarmKey") == {f"arn:{n}": {"Target": f"s{n}"} for n in range(11)}
    assert cloudwatch.asked == []
    assert tagging.asked == [
        (
            "get_resources",
            {
                "ResourceTypeFilters": ["cloudwatch:alarm"],
                "TagFilters": [{"Key": "AlarmKey"}],
                # As many as a page may have.
                "ResourcesPerPage": 100,
            },
        )
    ]


@pytest.mark.parametrize(
    ("together", "rest"),
    [
        (mapped(*range(9)), ["arn:10", "arn:9"]),
        (refused(), sorted(ARNS)),
        (None, sorted(ARNS)),
    ],
    ids=["some not told", "refused", "no client"],
)
def test_what_is_not_told_together_is_asked_for_one_by_one(
    together: Answer | None, rest: list[str]
) -> None:
    here, cloudwatch, _ = region(together)
    assert tags_of(here, ARNS, "AlarmKey") == {f"arn:{n}": {"Target": f"s{n}"} for n in range(11)}
    assert asked_one_by_one(cloudwatch) == rest
