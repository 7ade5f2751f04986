"""Every role of a program gets the account's boundary, and nothing else does."""

from typing import Any, Final

import pulumi
import pytest

import ecs_monitoring as watch
from tests.components.registered import ROLE, ROLE_POLICY
from tests.components.small import WARNING, RunComponents

BOUNDARY: Final = "arn:aws:iam::123456789012:policy/teams/boundary"


def test_every_role_is_bounded(run_components: RunComponents) -> None:
    def program() -> None:
        pulumi.runtime.register_stack_transformation(watch.bounded_roles(BOUNDARY))
        watch.ReviewReminder("review-reminder", watch.ReviewReminderArgs(topics=[WARNING]))

    run = run_components(program)
    (role,) = run.of_type(ROLE)
    assert role.inputs["permissionsBoundary"] == BOUNDARY
    # What it had is there still.
    assert role.inputs["name"] == "django-ecs-monitoring-test-review-reminder"
    (component,) = (one for one in run.registrations if not one.custom)
    assert role.parent == component.urn
    (rights,) = run.of_type(ROLE_POLICY)
    assert set(rights.inputs) == {"name", "role", "policy"}


@pytest.mark.parametrize(
    ("type_", "bounded"), [("aws:iam/role:Role", True), ("aws:iam/user:User", False)]
)
def test_a_role_keeps_its_properties_and_options(type_: str, bounded: bool) -> None:
    opts = pulumi.ResourceOptions()
    resource: Any = object()
    given = pulumi.ResourceTransformationArgs(
        resource=resource, type_=type_, name="x", props={"name": "r"}, opts=opts
    )
    made = watch.bounded_roles(BOUNDARY)(given)
    assert (made is not None) is bounded
    if made is not None:
        assert made.props == {"name": "r", "permissions_boundary": BOUNDARY}
        assert made.opts is opts
    # What was handed in is as it was.
    assert given.props == {"name": "r"}
