"""Event patterns, by the examples of AWS's documentation and of its own matcher.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-arrays.html
https://github.com/aws/event-ruler/blob/main/README.md
"""

from typing import Any

import pytest

from ecs_monitoring.eventbridge.pattern import (
    EventPatternError,
    as_text,
    check_pattern,
    matches,
)

# The event of event-ruler's README.
EVENT: dict[str, Any] = {
    "version": "0",
    "id": "ddddd4-aaaa-7777-4444-345dd43cc333",
    "detail-type": "EC2 Instance State-change Notification",
    "source": "aws.ec2",
    "account": "012345679012",
    "time": "2017-10-02T16:24:49Z",
    "region": "us-east-1",
    "resources": ["arn:aws:ec2:us-east-1:123456789012:instance/i-000000aaaaaa00000"],
    "detail": {
        "c-count": 5,
        "d-count": 3,
        "x-limit": 301.8,
        "source-ip": "10.0.0.33",
        "instance-id": "i-000000aaaaaa00000",
        "state": "running",
    },
}


@pytest.mark.parametrize(
    "pattern",
    [
        {
            "detail-type": ["EC2 Instance State-change Notification"],
            "resources": ["arn:aws:ec2:us-east-1:123456789012:instance/i-000000aaaaaa00000"],
            "detail": {"state": ["initializing", "running"]},
        },
        {"time": [{"prefix": "2017-10-02"}]},
        {"source": [{"suffix": "ec2"}]},
        {"source": [{"equals-ignore-case": "AWS.EC2"}]},
        {"detail": {"state": [{"anything-but": "initializing"}]}},
        {"detail": {"x-limit": [{"anything-but": 123}]}},
        {"detail": {"state": [{"anything-but": ["stopped", "overloaded"]}]}},
        {"detail": {"x-limit": [{"anything-but": [100, 200, 300]}]}},
        {"detail": {"state": [{"anything-but": {"prefix": "init"}}]}},
        {
            "detail": {
                "c-count": [{"numeric": [">", 0, "<=", 5]}],
                "d-count": [{"numeric": ["<", 10]}],
                "x-limit": [{"numeric": ["=", 3.018e2]}],
            }
        },
        {"detail": {"c-count": [{"exists": True}]}},
        {"detail": {"e-count": [{"exists": False}]}},
        # Either alternative, beside the rest.
        {"source": ["aws.ec2"], "$or": [{"region": ["eu-west-1"]}, {"detail": {"d-count": [3]}}]},
        {"detail": {"$or": [{"state": ["stopped"]}, {"c-count": [5], "d-count": [3]}]}},
    ],
)
def test_the_sample_event_is_taken(pattern: dict[str, Any]) -> None:
    check_pattern(pattern)
    assert matches(pattern, EVENT)


@pytest.mark.parametrize(
    "pattern",
    [
        {"detail": {"state": ["stopped"]}},
        {"source": ["aws.ec2"], "detail": {"state": ["stopped"]}},
        {"time": [{"prefix": "2017-10-03"}]},
        # A prefix is no part from somewhere else, nor is case ignored unless it is said.
        {"source": [{"prefix": "ec2"}]},
        {"source": [{"suffix": "EC2"}]},
        {"detail": {"state": [{"anything-but": "running"}]}},
        {"detail": {"state": [{"anything-but": {"prefix": "run"}}]}},
        {"detail": {"c-count": [{"numeric": [">", 5]}]}},
        # Of what is not there, nothing holds but that it is not there.
        {"detail": {"e-count": [{"exists": True}]}},
        {"detail": {"e-count": [{"anything-but": 1}]}},
        {"detail": {"e-count": [None]}},
        {"detail": {"c-count": [{"exists": False}]}},
        {"detail": {"c-count": ["5"]}},
        {"detail": {"c-count": [True]}},
        {"other": {"state": ["running"]}},
        {"$or": [{"region": ["eu-west-1"]}, {"detail": {"d-count": [4]}}]},
        {"detail": {"$or": [{"state": ["stopped"]}, {"c-count": [5], "d-count": [4]}]}},
    ],
)
def test_the_sample_event_is_not_taken(pattern: dict[str, Any]) -> None:
    check_pattern(pattern)
    assert not matches(pattern, EVENT)


def test_of_two_lists_one_common_entry_is_enough() -> None:
    """The example of the page on arrays."""
    pattern = {
        "resources": [
            "arn:aws:ec2:us-east-1:123456789012:instance/i-b188560f",
            "arn:aws:ec2:us-east-1:111122223333:instance/i-b188560f",
            "arn:aws:ec2:us-east-1:444455556666:instance/i-b188560f",
        ]
    }
    group = "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:eb56d16b"
    instance = "arn:aws:ec2:us-east-1:123456789012:instance/i-b188560f"
    assert matches(pattern, {"resources": [group, instance]})
    assert not matches(pattern, {"resources": [group]})
    assert not matches(pattern, {"resources": []})


def test_fields_within_a_list_of_objects_match_within_one_object() -> None:
    """JSON array matching: https://github.com/aws/event-ruler#json-array-matching."""
    pattern = {"containers": {"name": ["web"], "exitCode": [137]}}
    assert matches(pattern, {"containers": [{"name": "log"}, {"name": "web", "exitCode": 137}]})
    assert not matches(
        pattern, {"containers": [{"name": "log", "exitCode": 137}, {"name": "web", "exitCode": 0}]}
    )
    assert not matches(pattern, {"containers": []})


def test_existence_is_asked_of_leaves_alone() -> None:
    """Exists matching "only works on leaf nodes": the documentation's example, c-count.c1."""
    pattern = {"detail": {"c-count": [{"exists": False}]}}
    assert matches(pattern, {"detail": {"state": ["running"]}})
    assert matches(pattern, {"detail": {"c-count": {"c1": 100}}})


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ({}, "would take every event"),
        ({"source": "aws.ecs"}, "source is 'aws.ecs': write a list"),
        ({"source": []}, "write a list of values"),
        ({"detail": {}}, "detail is empty"),
        ({"detail": {"state": [{"contains": "run"}]}}, "detail.state has a comparison"),
        ({"detail": {"state": [{"prefix": "a", "suffix": "b"}]}}, "detail.state has a comparison"),
        ({"source": [{"prefix": 1}]}, "prefix is 1: write a text"),
        ({"source": [{"exists": "yes"}]}, "exists is 'yes': write true or false"),
        ({"count": [{"numeric": [">", 1, "<"]}]}, "signs and numbers by turns"),
        ({"count": [{"numeric": ["~", 1]}]}, "signs and numbers by turns"),
        ({"source": [["aws.ecs"]]}, "a list within its list"),
        ({"$or": [{"source": ["a"]}]}, r"\$or needs two alternatives"),
        ({"detail": {"$or": [{"a": ["b"]}, {}]}}, r"an alternative of \$or is {}"),
        ({"source": [{"anything-but": {"wildcard": "*"}}]}, "source has a comparison"),
    ],
)
def test_what_eventbridge_would_refuse_is_refused(pattern: dict[str, Any], message: str) -> None:
    with pytest.raises(EventPatternError, match=message):
        check_pattern(pattern)
    with pytest.raises(EventPatternError, match=message):
        as_text(pattern)


def test_a_pattern_longer_than_the_quota_is_refused() -> None:
    """2,048 characters: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html."""
    # {"source":["…"]} has 15 characters around the text.
    assert len(as_text({"source": ["x" * 2033]})) == 2048
    with pytest.raises(EventPatternError, match="2049 characters"):
        as_text({"source": ["x" * 2034]})
