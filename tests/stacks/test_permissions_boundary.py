"""Every role that a stack makes has the boundary that the account demands."""

import pytest

from settings.errors import SettingsError
from stack.config import read_stack_config
from stack.program import run_program
from tests.components.registered import ROLE

BOUNDARY = "arn:aws:iam::123456789012:policy/teams/boundary"


@pytest.mark.slow
def test_every_role_is_bounded() -> None:
    change = f"permissions_boundary={BOUNDARY}"
    run = run_program(read_stack_config("prod", settings=["review={reminder: true}", change]))
    roles = run.of_type(ROLE)
    # The reminder's; the example's chat channel has one as well.
    assert len(roles) >= 2
    assert {role.inputs["permissionsBoundary"] for role in roles} == {BOUNDARY}
    others = [one for one in run.registrations if one.type != ROLE]
    assert not any("permissionsBoundary" in one.inputs for one in others)


@pytest.mark.slow
def test_no_role_is_bounded_by_default() -> None:
    run = run_program(read_stack_config("prod", settings=["review={reminder: true}"]))
    assert run.of_type(ROLE)
    assert all("permissionsBoundary" not in role.inputs for role in run.of_type(ROLE))


@pytest.mark.parametrize("boundary", ["boundary", "arn:aws:iam::123456789012:role/x"])
def test_what_is_no_policy_is_refused(boundary: str) -> None:
    with pytest.raises(SettingsError, match="is no ARN of an IAM policy: write arn:aws:iam::"):
        run_program(read_stack_config("prod", settings=[f"permissions_boundary={boundary}"]))
