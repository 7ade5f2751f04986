"""``aws:defaultTags`` beside ``tags``, under the real engine."""

from pathlib import Path

import pulumi_aws as aws
import pytest

from sandbox.account import prepare_account
from sandbox.emulator import Emulator
from sandbox.engine_deployer import EngineDeployer
from sandbox.outcome import DeploymentError, ResourceAction
from stack.config import StackConfig
from tests.sandbox.default_tags import REGION, alarm_tags, documented_stack, not_as_registered
from tests.sandbox.engine.small import ECS_ONLY


def test_the_documented_default_tags_are_deployed_changed_and_taken_away(
    deployer: EngineDeployer, emulator: Emulator, tmp_path: Path
) -> None:
    config = documented_stack(tmp_path, *ECS_ONLY)
    prepare_account(emulator, config)
    stack = deployer.stack(config)
    outcome = stack.up()
    assert not_as_registered(emulator, outcome) == []
    assert {"CostCenter": "shop", "Team": "web"}.items() <= alarm_tags(emulator).items()
    assert stack.preview(expect_no_changes=True).is_unchanged
    assert stack.refresh().is_unchanged

    for default, properties in (
        ("{tags: {CostCenter: books}}", ("tagsAll.CostCenter",)),
        ("{tags: {Team: web, CostCenter: books}}", ()),
        ("{}", ("tagsAll.CostCenter",)),
    ):
        stack.configure(documented_stack(tmp_path, *ECS_ONLY, f"aws:defaultTags={default}"))
        done = stack.up()
        touched = [c for c in done.changes if c.action is not ResourceAction.SAME]
        assert {c.action for c in touched} <= {ResourceAction.UPDATE}
        assert {c.properties for c in touched} == ({properties} if properties else set())
        assert not_as_registered(emulator, done) == []
        assert stack.preview(expect_no_changes=True).is_unchanged
    assert "CostCenter" not in alarm_tags(emulator)
    assert stack.destroy().errors == ()


def test_default_tags_of_another_shape_are_refused(
    deployer: EngineDeployer, tmp_path: Path
) -> None:
    config = documented_stack(tmp_path, *ECS_ONLY, "aws:defaultTags={CostCenter: shop}")
    with pytest.raises(DeploymentError, match="default tags stand under it"):
        deployer.stack(config).preview()


def test_a_program_without_settings_of_its_own_is_told_by_the_provider(
    deployer: EngineDeployer,
) -> None:
    config = StackConfig(
        project="django-ecs-monitoring",
        stack="small",
        values={"aws:region": REGION, "aws:defaultTags": '{"CostCenter": "shop"}'},
        secret_keys=frozenset(),
        region=REGION,
    )

    def program() -> None:
        aws.sns.Topic("alerts", name="alerts")

    stack = deployer.stack(config, program=program)
    with pytest.raises(DeploymentError, match="aws:defaultTags is a mapping whose one key is tags"):
        stack.preview()
