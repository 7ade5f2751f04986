"""What a run records of a program: registrations, exports, outputs and warnings."""

import gc
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi.output import Unknown

from stack.config import StackConfig
from stack.program import SECRET, ProgramRun, Registration
from stack.resource_types import TOPIC
from tests.remembered import run_anew

CONFIG = StackConfig(
    project="shop",
    stack="prod",
    values={"shop:plain": "a", "shop:hidden": "b"},
    secret_keys=frozenset({"shop:hidden"}),
    region="eu-west-1",
)
STACK = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod"


class Alerts(pulumi.ComponentResource):
    """A component with a topic, and a subscription that was made from it."""

    def __init__(self, name: str) -> None:
        super().__init__("shop:index:Alerts", name)
        below = pulumi.ResourceOptions(parent=self)
        config = pulumi.Config("shop")
        topic = aws.sns.Topic("topic", name=config.require("plain"), tags={"a": "b"}, opts=below)
        aws.sns.TopicSubscription(
            "reader",
            topic=topic.arn,
            protocol="email",
            endpoint=config.require_secret("hidden"),
            opts=below,
        )
        self.register_outputs({"arn": topic.arn, "secret": config.require_secret("hidden")})


def program() -> None:
    Alerts("alerts")
    pulumi.log.warn("careful")
    pulumi.log.info("nothing to worry about")
    pulumi.export("stage", "prod")
    pulumi.export("hidden", pulumi.Output.secret("x"))


@pytest.fixture(scope="module")
def run() -> ProgramRun:
    return run_anew(CONFIG, program=program)


# As Pulumi's mocks name it: by the types from the stack down.
COMPONENT = "urn:pulumi:prod::shop::pulumi:pulumi:Stack$shop:index:Alerts::alerts"


def by_name(run: ProgramRun) -> dict[str, Registration]:
    return {made.name: made for made in run.registrations}


def test_a_component_and_what_is_in_it(run: ProgramRun) -> None:
    made = by_name(run)
    # The stack itself is none.
    assert list(made) == ["alerts", "topic", "reader"]
    alerts, topic = made["alerts"], made["topic"]
    assert alerts == Registration(
        type="shop:index:Alerts",
        name="alerts",
        urn=COMPONENT,
        parent=STACK,
        inputs={},
        secret_inputs=frozenset(),
        arn="",
        provider="",
        custom=False,
    )
    assert topic == Registration(
        type=TOPIC,
        name="topic",
        urn=topic.urn,
        parent=COMPONENT,
        inputs={"name": "a", "tags": {"a": "b"}},
        secret_inputs=frozenset(),
        arn="arn:aws:sns:eu-west-1:123456789012:a",
        provider="",
        custom=True,
    )
    assert run.of_type(TOPIC) == [topic]


def test_secrets_and_what_a_resource_was_made_from(run: ProgramRun) -> None:
    made = by_name(run)
    topic, reader = made["topic"], made["reader"]
    assert reader.inputs == {"topic": topic.arn, "protocol": "email", "endpoint": "b"}
    assert reader.secret_inputs == {"endpoint"}
    assert reader.dependencies == {topic.urn}
    assert reader.property_dependencies == {"topic": frozenset({topic.urn})}


def test_exports_outputs_and_warnings(run: ProgramRun) -> None:
    assert run.exports == {"stage": "prod", "hidden": SECRET}
    assert run.outputs == {COMPONENT: {"arn": by_name(run)["topic"].arn, "secret": SECRET}}
    assert run.warnings == ("careful",)


@pytest.mark.parametrize("is_on", [True, False])
def test_the_garbage_collector_is_as_it_was(is_on: bool) -> None:
    seen: list[bool] = []
    was_on = gc.isenabled()
    try:
        (gc.enable if is_on else gc.disable)()
        run_anew(CONFIG, program=lambda: seen.append(gc.isenabled()))
        assert (seen, gc.isenabled()) == ([False], is_on)
    finally:
        (gc.enable if was_on else gc.disable)()


def test_in_a_preview_what_only_aws_knows_is_unknown() -> None:
    known: list[Any] = []

    def asks() -> None:
        known.append(pulumi.runtime.is_dry_run())

    for preview in (True, False):
        run_anew(CONFIG, program=asks, preview=preview)
    assert known == [True, False]


def test_what_only_a_deployment_can_know_is_recorded_as_unknown() -> None:
    def asks() -> None:
        owner = aws.sns.Topic("first").owner
        aws.sns.Topic("second", display_name=owner)
        pulumi.ComponentResource("shop:index:Empty", "empty").register_outputs({"a": owner})
        pulumi.export("later", owner)

    run = run_anew(CONFIG, program=asks, preview=True)
    (empty,) = run.outputs.values()
    unknowns = [by_name(run)["second"].inputs["displayName"], empty["a"], run.exports["later"]]
    assert all(isinstance(value, Unknown) for value in unknowns)
