"""Input transformers, by the examples of AWS's documentation.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

import json
from typing import Any

import pytest

from ecs_monitoring.eventbridge.transformer import InputTransformer, TransformerError

EVENT: dict[str, Any] = {
    "version": "0",
    "id": "7bf73129-1428-4cd3-a780-95db273d1602",
    "detail-type": "EC2 Instance State-change Notification",
    "source": "aws.ec2",
    "account": "123456789012",
    "time": "2015-11-11T21:29:54Z",
    "region": "us-east-1",
    "resources": ["arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111"],
    "detail": {"instance-id": "i-0123456789", "state": "RUNNING"},
}
PATHS = {"instance": "$.detail.instance-id", "state": "$.detail.state"}


@pytest.mark.parametrize(
    ("template", "made"),
    [
        ('"instance <instance> is in <state>"', "instance i-0123456789 is in RUNNING"),
        (
            '"instance \\"<instance>\\" is in <state>"',
            'instance "i-0123456789" is in RUNNING',
        ),
        (
            '{\n  "instance" : <instance>,\n  "state": <state>\n}',
            {"instance": "i-0123456789", "state": "RUNNING"},
        ),
        (
            '{"instance": <instance>, "state": "<state>", '
            '"instanceStatus": "instance \\"<instance>\\" is in <state>"}',
            {
                "instance": "i-0123456789",
                "state": "RUNNING",
                "instanceStatus": 'instance "i-0123456789" is in RUNNING',
            },
        ),
        (
            '{"instance": <instance>, "state": [9, <state>, true], "Transformed": "Yes"}',
            {"instance": "i-0123456789", "state": [9, "RUNNING", True], "Transformed": "Yes"},
        ),
    ],
)
def test_the_documented_templates_make_the_documented_output(template: str, made: Any) -> None:
    assert json.loads(InputTransformer(PATHS, template).of(EVENT)) == made


def test_what_a_target_gets_is_one_line() -> None:
    """As documented, "the JSON that is passed to the target is minified"."""
    made = InputTransformer(PATHS, '{\n "i" : <instance>,\n "s" : <state>\n}').of(EVENT)
    assert made == '{"i":"i-0123456789","s":"RUNNING"}'


def test_entries_of_lists_are_reached_by_number() -> None:
    made = InputTransformer({"first": "$.resources[0]"}, '"<first>"').of(EVENT)
    assert made == '"arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111"'


def test_what_is_not_there_does_not_appear() -> None:
    paths = {"none": "$.detail.reason", "second": "$.resources[1]"}
    assert InputTransformer(paths, '"[<none><second>]"').of(EVENT) == '"[]"'


def test_a_quote_in_a_value_breaks_a_text_and_not_a_value() -> None:
    """As documented, "EventBridge doesn't escape values extracted by Input Path"."""
    event = {"detail": {"reason": 'task "web" failed\nto start'}}
    paths = {"reason": "$.detail.reason"}
    with pytest.raises(TransformerError, match="no JSON"):
        InputTransformer(paths, '{"description": "<reason>"}').of(event)
    made = InputTransformer(paths, '{"description": <reason>}').of(event)
    assert json.loads(made) == {"description": 'task "web" failed\nto start'}


@pytest.mark.parametrize(
    ("paths", "template", "message"),
    [
        ({"a": "detail.state"}, '"<a>"', "is no path"),
        ({"a": "$.detail.*"}, '"<a>"', "is no path"),
        ({"a": "$.detail"}, '"<b>"', "a, b"),
        ({"a": "$.detail"}, '"text"', "paths without a use: a"),
        ({"a": "$.detail"}, '"<a>' + "x" * 8188 + '"', "8193 characters"),
    ],
)
def test_a_transformer_that_cannot_be_is_refused(
    paths: dict[str, str], template: str, message: str
) -> None:
    with pytest.raises(TransformerError, match=message):
        InputTransformer(paths, template)


def test_the_longest_template_is_taken_as_it_is() -> None:
    """Of 8,192 characters; two quotes and the variable are five of them."""
    made = InputTransformer({"a": "$.detail.state"}, '"<a>' + "x" * 8187 + '"')
    assert made.of(EVENT) == '"RUNNING' + "x" * 8187 + '"'
    with pytest.raises(TransformerError) as refusal:
        InputTransformer({"a": "$.detail"}, '"<a>' + "x" * 8188 + '"')
    assert str(refusal.value) == "the template has 8193 characters: EventBridge takes 8192"


@pytest.mark.parametrize(
    ("path", "made"),
    [
        ("$.detail", {"list": [{"a": "é"}, ["x"]], "text": "a", "none": None, "yes": True}),
        ("$.detail.list[0].a", "é"),
        ("$.detail.list[1]", ["x"]),
        ("$.detail.none", None),
        ("$.detail.yes", True),
        # Neither fields of a text or of a list, nor entries of an object.
        *((f"$.detail.{path}", "gone") for path in ("text.a", "list.a", "none.a", "list[2]")),
        ("$.detail[0]", "gone"),
    ],
)
def test_a_path_leads_to_a_value_or_nowhere(path: str, made: Any) -> None:
    detail = {"list": [{"a": "é"}, ["x"]], "text": "a", "none": None, "yes": True}
    # What is not there leaves nothing of itself.
    template = '"<a>gone"' if made == "gone" else "<a>"
    found = InputTransformer({"a": path}, template).of({"detail": detail})
    assert found == json.dumps(made, separators=(",", ":"), ensure_ascii=False)


def test_a_quote_that_is_escaped_ends_no_text() -> None:
    made = InputTransformer({"a": "$.state"}, r'{"t":"\\\"<a>\\","v":<a>}').of({"state": "on"})
    assert json.loads(made) == {"t": '\\"on\\', "v": "on"}


def test_a_path_that_eventbridge_has_not_is_named() -> None:
    with pytest.raises(TransformerError) as refusal:
        InputTransformer({"a": "$.detail", "b": "$"}, '"<a><b>"')
    assert str(refusal.value) == "variable b: '$' is no path that EventBridge has"
    with pytest.raises(TransformerError) as refusal:
        InputTransformer({"a": "$.x", "b": "$.y"}, '"<c><a>"')
    assert str(refusal.value) == "variables without a path, or paths without a use: b, c"
