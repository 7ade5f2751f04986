"""Each refusal says which argument it is about, for languages that show it beside the message."""

from collections.abc import Callable
from typing import Any

import pytest

import ecs_monitoring as watch
from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.schema import about
from tests.components.small import CRITICAL, RunComponents, ecs_args


def refused(run_components: RunComponents, make: Callable[[], object]) -> list[str]:
    """The fields that a component refuses."""

    def program() -> None:
        make()

    with pytest.raises(watch.InvalidArgsError) as error:
        run_components(program)
    return [part.field for part in error.value.parts]


def ecs(**changes: Any) -> Callable[[], object]:
    return lambda: watch.EcsMonitoring("ecs", ecs_args(**changes))


@pytest.mark.parametrize(
    ("overrides", "fields"),
    [
        (
            {"ecs.cpu-high": AlarmOverride(threshold=185, evaluation_periods=0)},
            ['overrides["ecs.cpu-high"].threshold', 'overrides["ecs.cpu-high"].evaluation_periods'],
        ),
        # The nearer one gave the value.
        (
            {
                "ecs.cpu-high": AlarmOverride(threshold=90),
                "ecs.cpu-high@web": AlarmOverride(threshold=185),
            },
            ['overrides["ecs.cpu-high@web"].threshold'],
        ),
        # The nearer one says nothing of the threshold.
        (
            {
                "ecs.cpu-high": AlarmOverride(threshold=185),
                "ecs.cpu-high@web": AlarmOverride(evaluation_periods=3),
            },
            ['overrides["ecs.cpu-high"].threshold'],
        ),
        ({"ecs.cpu-hgh": AlarmOverride(threshold=1)}, ['overrides["ecs.cpu-hgh"]']),
    ],
)
def test_an_override_that_cannot_be(
    run_components: RunComponents, overrides: dict[str, AlarmOverride], fields: list[str]
) -> None:
    assert refused(run_components, ecs(overrides=overrides)) == fields


def test_a_name_of_a_target_that_cannot_be(run_components: RunComponents) -> None:
    targets = {"two--hyphens": watch.EcsTargetArgs(cluster="shop", service="web")}
    assert refused(run_components, ecs(targets=targets)) == ["targets.two--hyphens"]


def test_a_severity_without_a_topic(run_components: RunComponents) -> None:
    routing = watch.RoutingArgs(topics={"critical": [CRITICAL]})
    assert refused(run_components, ecs(routing=routing)) == ["routing.topics"]


def test_topics_of_another_region(run_components: RunComponents) -> None:
    url = {"site": watch.HealthTargetArgs(url="https://shop.example.com/health/")}
    routing = watch.RoutingArgs(topics={"critical": [CRITICAL], "warning": [CRITICAL]})

    def make() -> object:
        args = watch.HealthCheckArgs(targets=url, routing=routing)
        return watch.HealthCheck("health", args)

    assert refused(run_components, make) == ["routing.topics"]


def test_a_reminder_without_topics(run_components: RunComponents) -> None:
    def make() -> object:
        return watch.ReviewReminder("review-reminder", watch.ReviewReminderArgs(topics=[]))

    assert refused(run_components, make) == ["topics"]


def test_a_package_that_is_not_installed_has_a_version_all_the_same() -> None:
    assert about("no-such-distribution") == {"version": "0.0.0"}
    assert about("pydantic")["version"].startswith("2.")
