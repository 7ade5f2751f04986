"""What Pulumi's other languages see: names, descriptions, and refusals in the schema's words."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any, Final

import grpc  # type: ignore[import-untyped]
import pytest
from pulumi.provider.server import ProviderServicer
from pulumi.runtime.proto import errors_pb2, provider_pb2, status_pb2

from ecs_monitoring.plugin import PACKAGE, ComponentHost, Servicer
from ecs_monitoring.refusals import InvalidArgsError

PREFIX: Final = f"{PACKAGE}:index:"


@pytest.fixture(scope="module")
def host() -> ComponentHost:
    return ComponentHost()


@pytest.fixture(scope="module")
def schema(host: ComponentHost) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(host.schema or "")
    return made


def descriptions(value: Any) -> Iterator[str]:
    """Every description in a schema, wherever it stands."""
    if isinstance(value, dict):
        if isinstance(value.get("description"), str):
            yield value["description"]
        for item in value.values():
            yield from descriptions(item)
    elif isinstance(value, list):
        for item in value:
            yield from descriptions(item)


def references(value: Any) -> Iterator[str]:
    """Every type that a schema refers to."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from references(item)


def test_no_type_has_the_suffix_that_generators_add(schema: dict[str, Any]) -> None:
    """An SDK would call it EcsTargetArgsArgs."""
    assert f"{PREFIX}EcsTarget" in schema["types"]
    assert [token for token in schema["types"] if token.endswith("Args")] == []


def test_what_is_referred_to_is_there(schema: dict[str, Any]) -> None:
    found = set(references({**schema["resources"], **schema["types"]}))
    assert f"#/types/{PREFIX}EcsTarget" in found
    assert found <= {f"#/types/{token}" for token in schema["types"]}


def test_go_has_the_input_types_of_plain_maps_and_lists(schema: dict[str, Any]) -> None:
    """Without the option, ``map[string]EcsTargetArgs`` has an undefined type."""
    assert schema["language"]["go"]["generateExtraInputTypes"] is True


def test_the_npm_package_is_called_the_same_wherever_it_comes_from(schema: dict[str, Any]) -> None:
    """Else @pulumi/… out of a folder, and @owner/… out of a repository."""
    assert schema["language"]["nodejs"]["packageName"] == "django-ecs-monitoring"


@pytest.mark.parametrize(
    ("enum", "names"),
    [
        ("Severity", ["Critical", "Warning"]),
        ("MissingData", ["Missing", "Ignore", "Breaching", "NotBreaching"]),
    ],
)
def test_values_of_enums_have_names_that_follow_the_type_in_go(
    schema: dict[str, Any], enum: str, names: list[str]
) -> None:
    """``SeverityCritical``, ``MissingDataNotBreaching``."""
    assert [value["name"] for value in schema["types"][PREFIX + enum]["enum"]] == names


def test_descriptions_are_markdown_without_python(schema: dict[str, Any]) -> None:
    found = list(descriptions(schema))
    assert len(found) > 200
    assert [text for text in found if "``" in text or "None" in text or "  " in text] == []
    lines = [line for text in found for line in text.split("\n\n")]
    assert [line for line in lines if "\n" in line] == []


def test_descriptions_call_fields_as_the_schema_does(schema: dict[str, Any]) -> None:
    topic_name = schema["resources"][f"{PREFIX}AlertRouting"]["inputProperties"]["topicName"]
    assert "`<topicName>-<project>-<stack>-<severity>`" in topic_name["description"]


@pytest.mark.parametrize(
    ("component", "field", "path"),
    [
        ("EcsMonitoring", "", ""),
        ("EcsMonitoring", "targets", "targets"),
        (
            "EcsMonitoring",
            "targets.min_tasks.min_running_tasks",
            "targets.min_tasks.minRunningTasks",
        ),
        (
            "EcsMonitoring",
            'overrides["ecs.cpu-high@web"].evaluation_periods',
            'overrides["ecs.cpu-high@web"].evaluationPeriods',
        ),
        ("EcsMonitoring", "routing.notify_on_recovery", "routing.notifyOnRecovery"),
        ("AlertRouting", "notify_on_recovery[1]", "notifyOnRecovery[1]"),
        ("AlertRouting", "teams.pay.secret_emails.a_b", "teams.pay.secretEmails.a_b"),
        ("ChatChannels", "slack[0].workspace", "slack[0].workspace"),
        ("NewRelicStream", "metrics[2].percentiles[0]", "metrics[2].percentiles[0]"),
        ("EcsMonitoring", "targets.web.no_such_field", "targets.web.no_such_field"),
    ],
)
def test_the_path_of_an_argument(
    host: ComponentHost, component: str, field: str, path: str
) -> None:
    assert refused(host, component, InvalidArgsError("no", field)) == (
        [(path, "no")] if path else []
    )


def refused(host: ComponentHost, component: str, error: InvalidArgsError) -> list[tuple[str, str]]:
    """Path and reason of each argument that is refused."""
    told = host.refusal(PREFIX + component, error)
    return [(one["property_path"], one["reason"]) for one in told.errors or ()]


def test_every_argument_that_is_refused_is_told_by_itself(host: ComponentHost) -> None:
    where = "EcsMonitoring 'ecs': targets.web"
    error = InvalidArgsError.of(
        [
            InvalidArgsError(f"{where}.cluster: is empty", f"{where}.cluster"),
            InvalidArgsError(f"{where}.min_running_tasks: write 0", f"{where}.min_running_tasks"),
        ],
        "; ",
    )
    assert str(error) == f"{where}.cluster: is empty; {where}.min_running_tasks: write 0"
    assert error.field == "targets.web.cluster"
    assert refused(host, "EcsMonitoring", error) == [
        ("targets.web.cluster", "is empty"),
        ("targets.web.minRunningTasks", "write 0"),
    ]


def test_a_reason_names_fields_as_the_schema_does(host: ComponentHost) -> None:
    error = InvalidArgsError(
        "EcsMonitoring 'ecs': targets.my_web: write one of: cluster, min_running_tasks",
        "EcsMonitoring 'ecs': targets.my_web",
    )
    assert refused(host, "EcsMonitoring", error) == [
        ("targets.my_web", "write one of: cluster, minRunningTasks")
    ]


def test_what_is_no_single_argument_is_told_of_the_component(host: ComponentHost) -> None:
    told = host.refusal(f"{PREFIX}Dashboard", InvalidArgsError("Dashboard 'd': name it otherwise"))
    assert (told.message, told.errors) == ("name it otherwise", [])


class AbortedError(Exception):
    """How gRPC ends a call."""

    def __init__(self, status: Any) -> None:
        super().__init__(status.details)
        self.status = status


class Context:
    """gRPC's side of a call."""

    async def abort_with_status(self, status: Any) -> None:
        raise AbortedError(status)


def test_what_is_refused_once_an_output_is_known_is_an_input_property_error(
    host: ComponentHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def construct(*_: Any) -> None:
        raise InvalidArgsError("routing.topics has no topic for critical alarms", "routing.topics")

    monkeypatch.setattr(ProviderServicer, "_construct", construct)
    request = provider_pb2.ConstructRequest(type=f"{PREFIX}EcsMonitoring", name="ecs")
    with pytest.raises(AbortedError) as aborted:
        asyncio.run(Servicer(host, "127.0.0.1:1").Construct(request, Context()))
    assert aborted.value.status.code == grpc.StatusCode.INVALID_ARGUMENT
    ((_, packed),) = aborted.value.status.trailing_metadata
    details = errors_pb2.InputPropertiesError()
    assert status_pb2.Status.FromString(packed).details[0].Unpack(details)
    assert [(one.property_path, one.reason) for one in details.errors] == [
        ("routing.topics", "has no topic for critical alarms")
    ]
