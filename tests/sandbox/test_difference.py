"""What the comparison of a resource with the program says of each property, by hand."""

from typing import Any

import pytest

from sandbox.difference import ChangeKind, difference
from sandbox.handlers import HANDLERS
from sandbox.handlers.base import TAGS, Handler, Property
from sandbox.wire import UNKNOWN

REGION = "ap-northeast-1"


class Shelf(Handler):
    """A type made up for these tests; nothing is ever done with it."""

    type = "aws:shop/shelf:Shelf"
    inputs = {
        "name": Property(required=True, replaces=True),
        "shape": Property(replaces=True),
        "height": Property(default=30),
        "owner": Property(computed=True),
        "tags": TAGS,
    }
    named = "name"

    create = read = update = delete = None  # type: ignore[assignment]


Shelf.__abstractmethods__ = frozenset()

THERE = {"name": "a", "height": 30, "owner": "aws", "tags": {"team": "shop", "a.b": "1"}}


@pytest.mark.parametrize(
    ("wanted", "changes"),
    [
        # Without a height it is the default's 30, and AWS may say who the owner is.
        ({"name": "a", "tags": {"team": "shop", "a.b": "1"}}, {}),
        ({**THERE, "height": 31}, {"height": ChangeKind.UPDATE}),
        ({**THERE, "height": UNKNOWN}, {"height": ChangeKind.UPDATE}),
        ({**THERE, "owner": "me"}, {"owner": ChangeKind.UPDATE}),
        ({**THERE, "shape": "round"}, {"shape": ChangeKind.ADD}),
        ({"name": "a"}, {"tags": ChangeKind.DELETE}),
        (
            {**THERE, "tags": {"team": "ops", "new": "1"}},
            {
                'tags["a.b"]': ChangeKind.DELETE,
                "tags.new": ChangeKind.ADD,
                "tags.team": ChangeKind.UPDATE,
            },
        ),
        ({**THERE, "region": "us-east-1"}, {"region": ChangeKind.UPDATE}),
        ({**THERE, "region": REGION}, {}),
    ],
)
def test_kinds_of_change(wanted: dict[str, Any], changes: dict[str, ChangeKind]) -> None:
    found = difference(Shelf(), REGION, THERE, wanted)
    assert found.changes == changes
    assert found.properties == {path.partition(".")[0].partition("[")[0] for path in changes}


@pytest.mark.parametrize(
    ("wanted", "replaces", "delete_first"),
    [
        ({"height": 31}, frozenset(), False),
        # Of the same name, so that the old one has to go first.
        ({"shape": "round"}, {"shape"}, True),
        ({"name": "b"}, {"name"}, False),
        ({"name": "b", "shape": "round"}, {"name", "shape"}, False),
        ({"region": "us-east-1"}, {"region"}, False),
    ],
)
def test_what_replaces(wanted: dict[str, Any], replaces: set[str], delete_first: bool) -> None:
    found = difference(Shelf(), REGION, THERE, {**THERE, **wanted})
    assert found.replaces == replaces
    assert found.delete_first == delete_first


def test_a_json_text_changes_as_a_whole_and_not_by_its_layout() -> None:
    queue = HANDLERS["aws:sqs/queue:Queue"]
    there = {"name": "q", "policy": '{"a": 1, "b": {"c": 2}}'}
    same = difference(queue, REGION, there, {**there, "policy": '{"b":{"c":2},"a":1}'})
    assert same.changes == {}
    other = difference(queue, REGION, there, {**there, "policy": '{"a": 1}'})
    assert other.changes == {"policy": ChangeKind.UPDATE}
