"""``aws:defaultTags`` beside ``tags``, deployed in process."""

from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from sandbox.account import prepare_account
from sandbox.double import Double
from sandbox.emulator import Emulator
from sandbox.handlers import HANDLERS
from sandbox.outcome import DeploymentError, ResourceAction
from sandbox.process_deployer import ProcessDeployer, ProcessStack
from sandbox.provider_settings import ProviderSettings
from sandbox.wire import UNKNOWN, Secret
from stack.config import StackConfig
from tests.sandbox.default_tags import REGION, alarm_tags, documented_stack, not_as_registered


def _stack(emulator: Emulator, config: StackConfig, program: Any = None) -> ProcessStack:
    prepare_account(emulator, config)
    return ProcessDeployer(Double(emulator.clients)).stack(config, program=program)


def _config(**values: str) -> StackConfig:
    return StackConfig(
        project="django-ecs-monitoring",
        stack="test",
        values={"aws:region": REGION, **{f"aws:{name}": text for name, text in values.items()}},
        secret_keys=frozenset(),
        region=REGION,
    )


def test_default_tags_go_beneath_the_stacks_own(emulator: Emulator, tmp_path: Path) -> None:
    stack = _stack(emulator, documented_stack(tmp_path))
    outcome = stack.up()
    assert not_as_registered(emulator, outcome) == []
    own = {"AlarmKey": "ecs.cpu-high", "Target": "web", "Severity": "warning"}
    tags = alarm_tags(emulator)
    assert tags["CostCenter"] == "shop"
    # Both name it: the stack's own tag wins.
    assert tags["Team"] == "web"
    assert own.items() <= tags.items()
    managed = [r for r in outcome.registrations if r.custom]
    taggable = [r for r in managed if HANDLERS[r.type].tagging]
    assert {r.type.rpartition(":")[2] for r in taggable} >= {"Topic", "Queue", "Key", "MetricAlarm"}
    assert all(r.inputs["tagsAll"].items() >= {"CostCenter": "shop"}.items() for r in taggable)
    assert stack.preview(expect_no_changes=True).is_unchanged
    assert {change.action for change in stack.refresh().changes} == {ResourceAction.SAME}


def test_other_default_tags_update_what_carries_them_and_replace_nothing(
    emulator: Emulator, tmp_path: Path
) -> None:
    stack = _stack(emulator, documented_stack(tmp_path))
    stack.up()
    stack.configure(documented_stack(tmp_path, "aws:defaultTags={tags: {CostCenter: books}}"))
    planned, done = stack.preview(), stack.up()
    for outcome in (planned, done):
        touched = [c for c in outcome.changes if c.action is not ResourceAction.SAME]
        assert {c.action for c in touched} == {ResourceAction.UPDATE}
        assert {c.properties for c in touched} == {("tagsAll.CostCenter",)}
    assert alarm_tags(emulator)["CostCenter"] == "books"
    assert not_as_registered(emulator, done) == []
    assert stack.preview(expect_no_changes=True).is_unchanged


def test_a_default_tag_changed_by_hand_is_found_and_put_back(emulator: Emulator) -> None:
    stack = _stack(
        emulator,
        _config(defaultTags='{"tags": {"Owner": "shop"}}'),
        lambda: aws.sns.Topic("alerts", name="alerts", tags={"Team": "web"}) and None,
    )
    outcome = stack.up()
    sns = emulator.client("sns", REGION)
    (topic,) = sns.list_topics()["Topics"]
    place = {"ResourceArn": topic["TopicArn"]}
    sns.tag_resource(**place, Tags=[{"Key": "Owner", "Value": "somebody"}])
    (difference,) = not_as_registered(emulator, outcome)
    assert difference.startswith("alerts.tags: registered {'Owner': 'shop', 'Team': 'web'}")
    assert [change.action for change in stack.refresh().changes] == [ResourceAction.UPDATE]
    (change,) = stack.up().changes
    assert change.action is ResourceAction.UPDATE
    tags = {tag["Key"]: tag["Value"] for tag in sns.list_tags_for_resource(**place)["Tags"]}
    assert tags == {"Owner": "shop", "Team": "web"}


def test_a_provider_of_the_programs_own_has_its_own_default_tags(emulator: Emulator) -> None:
    def program() -> None:
        far = aws.Provider("far", region="eu-west-1", default_tags={"tags": {"Place": "far"}})
        aws.sns.Topic("here", name="here")
        aws.sns.Topic("there", name="there", opts=pulumi.ResourceOptions(provider=far))

    _stack(emulator, _config(defaultTags='{"tags": {"Place": "here"}}'), program).up()
    for region, place in ((REGION, "here"), ("eu-west-1", "far")):
        sns = emulator.client("sns", region)
        (topic,) = sns.list_topics()["Topics"]
        tags = sns.list_tags_for_resource(ResourceArn=topic["TopicArn"])["Tags"]
        assert tags == [{"Key": "Place", "Value": place}]


@pytest.mark.parametrize("written", ['{"CostCenter": "shop"}', '{"tags": {"A": 1}}', "shop", "[]"])
def test_default_tags_of_another_shape_are_refused(emulator: Emulator, written: str) -> None:
    stack = _stack(emulator, _config(defaultTags=written), lambda: None)
    with pytest.raises(DeploymentError, match="aws:defaultTags is a mapping whose one key is tags"):
        stack.up()


def test_all_tags_are_as_unknown_and_as_secret_as_a_resources_own() -> None:
    provider = ProviderSettings(region=REGION, default_tags={"A": "default", "B": "default"})
    assert provider.all_tags(None) == {"A": "default", "B": "default"}
    assert provider.all_tags({"A": "own", "C": "own"}) == {"A": "own", "B": "default", "C": "own"}
    assert provider.all_tags({"A": UNKNOWN}) is UNKNOWN
    assert provider.all_tags({"A": Secret("own")}) == Secret({"A": "own", "B": "default"})


def test_a_tag_stays_a_resources_own_where_the_default_says_the_same() -> None:
    provider = ProviderSettings(region=REGION, default_tags={"A": "1", "B": "1"})
    live = {"A": "1", "B": "1", "C": "1"}
    assert provider.own_tags(live, {"A": "1"}) == {"A": "1", "C": "1"}
    assert provider.own_tags({**live, "B": "2"}, None) == {"B": "2", "C": "1"}
