"""Inputs of a program in another language by their Python names, whatever holds them."""

from typing import Any, Final

import pulumi
import pytest
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError

import ecs_monitoring as watch
from ecs_monitoring import plugin
from ecs_monitoring.plugin import PACKAGE, ComponentHost
from ecs_monitoring.refusals import InvalidArgsError
from tests.components.small import RunComponents

TOPIC: Final = "arn:aws:sns:eu-west-1:123456789012:pager"


@pytest.fixture(scope="module")
def host() -> ComponentHost:
    return ComponentHost()


def mapped(host: ComponentHost, component: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Inputs as a component is given them."""
    return host.map_inputs(inputs, host._component_defs[component])


@pytest.mark.parametrize(
    ("component", "inputs", "fields"),
    [
        # A mapping of names that somebody chose to objects: the names stay.
        (
            "EcsMonitoring",
            {"targets": {"minRunningTasks": {"cluster": "c", "minRunningTasks": 3}}},
            {"targets": {"minRunningTasks": {"cluster": "c", "min_running_tasks": 3}}},
        ),
        # An object within an object, and a mapping of plain values within that.
        (
            "EcsMonitoring",
            {"routing": {"notifyOnRecovery": ["critical"], "topics": {"critical": [TOPIC]}}},
            {"routing": {"notify_on_recovery": ["critical"], "topics": {"critical": [TOPIC]}}},
        ),
        # A list of objects within an object.
        (
            "EcsMonitoring",
            {"routing": {"routes": [{"team": "web", "topics": {"notifyOnRecovery": [TOPIC]}}]}},
            {"routing": {"routes": [{"team": "web", "topics": {"notifyOnRecovery": [TOPIC]}}]}},
        ),
        (
            "AlertRouting",
            {"teams": {"a": {"secretEmails": {"critical": {"onCall": "x@example.com"}}}}},
            {"teams": {"a": {"secret_emails": {"critical": {"onCall": "x@example.com"}}}}},
        ),
        # A list of objects.
        (
            "ChatChannels",
            {"slack": [{"workspace": "T1", "channel": "C1"}, {"workspace": "T2"}]},
            {"slack": [{"workspace": "T1", "channel": "C1"}, {"workspace": "T2"}]},
        ),
        (
            "AlbMonitoring",
            {"targets": {"a": {"offHours": {"stop": "x"}, "targetGroups": {"webTg": "arn"}}}},
            {"targets": {"a": {"off_hours": {"stop": "x"}, "target_groups": {"webTg": "arn"}}}},
        ),
        # What is of another form, or no field at all, is the component's to refuse.
        ("EcsMonitoring", {"targets": "web", "routing": 1}, {"targets": "web", "routing": 1}),
        (
            "ChatChannels",
            {"slack": {"workspace": "T1"}, "noField": {"minRunningTasks": 1}},
            {"slack": {"workspace": "T1"}, "noField": {"minRunningTasks": 1}},
        ),
        ("Dashboard", {"title": "a", "alarms": [{"ecs.cpu": "arn"}]}, None),
        ("AlertRouting", {}, {}),
    ],
)
def test_inputs_have_their_python_names(
    host: ComponentHost, component: str, inputs: dict[str, Any], fields: dict[str, Any] | None
) -> None:
    assert mapped(host, component, inputs) == (inputs if fields is None else fields)


def test_every_object_of_a_list_is_renamed(host: ComponentHost) -> None:
    definition = host._component_defs["NewRelicStream"]
    given = {"licenseKey": "k", "metrics": [{"namespace": "n", "name": "m"}], "tags": {"aB": "c"}}
    assert host.map_inputs(given, definition) == {
        "license_key": "k",
        "metrics": [{"namespace": "n", "name": "m"}],
        "tags": {"aB": "c"},
    }


@pytest.mark.parametrize(
    "later",
    [
        lambda target: {"targets": pulumi.Output.from_input({"web": target})},
        lambda target: {"targets": {"web": pulumi.Output.from_input(target)}},
        lambda target: {
            "targets": {
                "web": {
                    **target,
                    "minRunningTasks": pulumi.Output.from_input(target["minRunningTasks"]),
                }
            }
        },
    ],
    ids=["the argument", "a target", "a field"],
)
def test_what_is_known_later_is_renamed_once_it_is(
    host: ComponentHost, run_components: RunComponents, later: Any
) -> None:
    def program() -> None:
        inputs = later({"cluster": "c", "minRunningTasks": 3})
        pulumi.export("fields", mapped(host, "EcsMonitoring", inputs))

    assert run_components(program).exports["fields"] == {
        "targets": {"web": {"cluster": "c", "min_running_tasks": 3}}
    }


def test_an_output_of_a_component_has_the_schemas_names(host: ComponentHost) -> None:
    routing = watch.RoutingArgs(
        topics={"critical": [TOPIC]},
        notify_on_recovery=["critical"],
        paging="alarm",
    )
    described = host._type_defs["RoutingArgs"]
    expected = {
        "topics": {"critical": [TOPIC]},
        "notifyOnRecovery": ["critical"],
        "paging": "alarm",
    }
    assert host.map_complex_output(vars(routing), described) == expected
    # Pulumi's own mapping takes mappings alone.
    as_it_is: Any = routing
    assert host.map_complex_output(as_it_is, described) == expected


def test_a_refusal_is_told_as_it_is_and_other_errors_as_pulumi_has_them(
    host: ComponentHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal, fault = InvalidArgsError("no"), ValueError("broken")

    def constructing(error: Exception) -> None:
        def construct(*_: Any) -> None:
            raise ComponentInitError(error)

        monkeypatch.setattr(ComponentProvider, "construct", construct)
        host.construct("ecs", f"{PACKAGE}:index:EcsMonitoring", {})

    with pytest.raises(InvalidArgsError) as refused:
        constructing(refusal)
    assert refused.value is refusal
    with pytest.raises(ComponentInitError) as other:
        constructing(fault)
    assert other.value.inner is fault


def test_what_a_component_is_made_of_comes_back(
    host: ComponentHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    made: Any = object()

    def construct(_: ComponentProvider, *given: Any) -> Any:
        asked.append(given)
        return made

    monkeypatch.setattr(ComponentProvider, "construct", construct)
    options = pulumi.ResourceOptions()
    assert host.construct("ecs", "EcsMonitoring", {"a": 1}, options) is made
    assert asked == [("ecs", "EcsMonitoring", {"a": 1}, options)]


def test_the_engine_says_on_the_command_line_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own flags, for plugins that log by themselves, are passed over."""
    asked: list[str] = []

    async def serve(engine: str) -> None:
        asked.append(engine)
        raise KeyboardInterrupt

    monkeypatch.setattr(plugin, "_serve", serve)
    monkeypatch.setattr("sys.argv", ["plugin", "--logflow", "127.0.0.1:40001", "-v=9"])
    plugin.main()
    assert asked == ["127.0.0.1:40001"]
