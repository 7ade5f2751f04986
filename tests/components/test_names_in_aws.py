"""Names in AWS: no two stacks of an account share one, and each is as long as AWS takes it.

A mark is the beginning of the SHA-256 of the parts, with NUL between them, so that whatever else
can be joined to the same text has another one.
"""

import pulumi
import pytest

from ecs_monitoring.names import of_bucket, of_stack, own_part, within


@pytest.mark.parametrize(
    ("title", "project", "stack", "own", "name"),
    [
        ("alerts", "shop", "prod", "", "alerts-shop-prod"),
        ("alerts", "shop-a", "prod", "", "alerts-shop-a-prod"),
        # Another title, another component of the stack.
        ("Alerts", "shop", "prod", "", "Alerts-shop-prod-833f9fa9"),
        ("alerts", "shop", "prod", "second", "alerts-shop-prod-second-bf96e835"),
        # Project "shop" with stack "a-b" is none of project "shop-a" with stack "b".
        ("alerts", "shop", "a-b", "", "alerts-shop-a-b-8c0e185e"),
        ("alerts", "shop-a", "b", "", "alerts-shop-a-b"),
        ("alerts", "shop", "a_b", "", "alerts-shop-a_b-bf1c992d"),
        # A character that topics do not take.
        ("alerts", "a.b", "prod", "", "alerts-a-b-prod-b215ec62"),
    ],
)
def test_the_beginning_of_a_name(
    monkeypatch: pytest.MonkeyPatch, title: str, project: str, stack: str, own: str, name: str
) -> None:
    monkeypatch.setattr(pulumi, "get_project", lambda: project)
    monkeypatch.setattr(pulumi, "get_stack", lambda: stack)
    assert of_stack(title, usual="alerts", own=own) == name


@pytest.mark.parametrize(
    ("name", "own"),
    [("alerts", ""), ("alerts-outside", "outside"), ("other", "other"), ("alerts2", "alerts2")],
)
def test_what_tells_a_second_component_from_the_first(name: str, own: str) -> None:
    assert own_part(name, "alerts") == own


def test_a_name_that_is_too_long_ends_with_its_mark() -> None:
    assert within("a" * 64, 64) == "a" * 64
    # 55 characters, a hyphen, and 8 of the mark.
    assert within("a" * 65, 64) == f"{'a' * 55}-635361c4"


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("x-shop", "x-shop"),
        ("x-Shop", "x-shop-22b7d127"),
        ("x_shop", "x-shop-b774fd1b"),
        ("n" * 63, "n" * 63),
        ("n" * 64, f"{'n' * 54}-ce068a19"),
    ],
)
def test_a_bucket_is_called_as_s3_takes_it(name: str, taken: str) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html."""
    assert of_bucket(name) == taken
