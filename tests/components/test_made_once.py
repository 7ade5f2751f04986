"""What a program of several components asks of AWS, and makes Outputs of, no more than once."""

from collections import Counter
from typing import Any, Final

import pulumi

import ecs_monitoring as watch
from ecs_monitoring.aws_identity import aws_identity
from stack.config import StackConfig
from stack.placeholder_aws import ACCOUNT, PlaceholderAws
from stack.program import run_program
from tests.components.small import RunComponents, ecs_args
from tests.components.test_own_provider import FAR, far

CONFIG: Final = StackConfig(
    project="django-ecs-monitoring",
    stack="test",
    values={},
    secret_keys=frozenset(),
    region="ap-northeast-1",
)
EACH: Final = (
    "aws:index/getCallerIdentity:getCallerIdentity",
    "aws:index/getPartition:getPartition",
    "aws:index/getRegion:getRegion",
)


class CountedAws(PlaceholderAws):
    """Counts what the program asks."""

    def __init__(self) -> None:
        super().__init__(CONFIG.region)
        self.asked: Counter[str] = Counter()

    def call(
        self, args: pulumi.runtime.MockCallArgs
    ) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        self.asked[args.token] += 1
        return super().call(args)


def test_each_provider_is_asked_once_and_answers_for_itself() -> None:
    def program() -> None:
        elsewhere = far()
        for name, opts in (("a", None), ("b", None), ("c", elsewhere), ("d", elsewhere)):
            group = pulumi.ComponentResource("test:index:Group", name, None, opts)
            pulumi.export(name, aws_identity(group).apply(lambda at: at.account))
        group = pulumi.ComponentResource("test:index:Group", "e")
        pulumi.export("region", aws_identity(group, "us-east-1").apply(lambda at: at.region))
        pulumi.export("own", aws_identity(group).apply(lambda at: at.region))

    counted = CountedAws()
    run = run_program(CONFIG, program=program, mocks=counted)
    assert counted.asked == dict.fromkeys(EACH, 2)
    assert run.exports == {
        "a": ACCOUNT,
        "b": ACCOUNT,
        "c": FAR,
        "d": FAR,
        "region": "us-east-1",
        "own": "ap-northeast-1",
    }


def test_an_output_of_a_mapping_is_made_for_those_who_ask(run_components: RunComponents) -> None:
    def program() -> None:
        ecs = watch.EcsMonitoring("ecs", ecs_args())
        assert not {"alarms", "omitted", "mute_rules"} & set(vars(ecs))
        pulumi.export("known", watch.merged([ecs.alarm_arns, {"further": "arn"}]))
        pulumi.export("later", watch.merged([ecs.alarms, {"further": "arn"}]))
        assert ecs.alarms is ecs.alarms

    run = run_components(program)
    ((_, registered),) = run.outputs.items()
    assert (
        run.exports["known"] == run.exports["later"] == {**registered["alarms"], "further": "arn"}
    )
    assert "ecs.cpu-high@web" in registered["alarms"]
