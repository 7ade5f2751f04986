"""The components can be offered to Pulumi's other languages: its analyser understands them.

A plain field is known before anything runs, so that it may decide how many resources there
are; any other may be an Output.
"""

from typing import Any, Final

import pytest
from pulumi.provider.experimental.analyzer import Analyzer, AnalyzeResult, PropertyDefinition

import ecs_monitoring as watch

COMPONENTS: Final[list[type[Any]]] = [
    watch.AlertRouting,
    watch.ChatChannels,
    watch.EcsMonitoring,
    watch.AlbMonitoring,
    watch.RdsMonitoring,
    watch.LogMonitoring,
    watch.ApplicationMonitoring,
    watch.HealthCheck,
    watch.EventMonitoring,
    watch.DeliveryMonitoring,
    watch.IncidentPaging,
    watch.ReviewReminder,
    watch.NewRelicStream,
    watch.Dashboard,
]


@pytest.fixture(scope="module")
def analysis() -> AnalyzeResult:
    return Analyzer("django-ecs-monitoring").analyze(COMPONENTS)


def fields(analysis: AnalyzeResult, name: str) -> dict[str, PropertyDefinition]:
    """The fields of a component's args or of an args class."""
    components, types = analysis["component_definitions"], analysis["type_definitions"]
    return components[name].inputs if name in components else types[name].properties


def test_every_component_is_understood(analysis: AnalyzeResult) -> None:
    assert set(analysis["component_definitions"]) == {one.__name__ for one in COMPONENTS}


@pytest.mark.parametrize(
    ("type_", "plain", "later"),
    [
        (
            "EcsTargetArgs",
            {"containerInsights", "minimumHealthyPercent", "offHours"},
            {"cluster", "service", "minRunningTasks"},
        ),
        (
            "AlbTargetArgs",
            {
                *("targetGroups", "alternateTargetGroups", "perTargetGroup"),
                *("loadBalancerAlarms", "offHours"),
            },
            {"loadBalancer"},
        ),
        (
            "RdsTargetArgs",
            {
                *("engine", "instanceClass", "engineVersion", "readReplica"),
                *("performanceInsights", "storageType", "minAcu", "maxAcu", "offHours"),
            },
            {
                *("instance", "cluster", "maxConnections"),
                *("allocatedStorageGib", "maxAllocatedStorageGib"),
                *("iops", "storageThroughputMibps"),
            },
        ),
        ("LogTargetArgs", {"format", "patterns", "builtIn", "retentionDays"}, {"group"}),
        ("ExtraPatternArgs", {"pattern", "threshold", "severity"}, set()),
        ("AppTargetArgs", {"backgroundTasks"}, {"service", "logGroup"}),
        ("HealthTargetArgs", {"url", "verify", "offHours"}, {"targetGroup"}),
        ("RouteArgs", set(), {"team", "alarms", "topics"}),
        (
            "TeamArgs",
            {"alarms", "severities", "events", "topics", "emails", "secretEmails", "webhooks"}
            | {"queues"},
            set(),
        ),
        ("OffHoursArgs", {"stop", "start", "timezone"}, set()),
        ("RoutingArgs", set(), {"topics", "notifyOnRecovery", "paging", "routes"}),
        (
            "EventMonitoring",
            {"topics", "teams", "ecs", "rds", "services", "changes", "runbooks", "region", "tags"},
            set(),
        ),
        ("EventTeamArgs", {"alarms", "topics"}, set()),
        ("ReviewReminder", {"topics", "schedule", "timezone", "tags"}, {"link"}),
        ("NewRelicStream", {"datacenter", "metrics", "region", "tags"}, {"licenseKey"}),
        ("ChatChannels", {"slack", "teams", "tags"}, set()),
        ("SlackChannelArgs", {"workspace", "channel", "topics"}, set()),
        ("TeamsChannelArgs", {"tenant", "team", "channel", "topics"}, set()),
        (
            "AlertRouting",
            {
                "severities",
                "secret",
                "paging",
                "topicName",
                "topics",
                "emails",
                "secretEmails",
                "webhooks",
                "queues",
                "encryption",
                "notifyOnRecovery",
                "events",
                "teams",
                "region",
                "tags",
            },
            set(),
        ),
    ],
)
def test_what_must_be_known_at_once_and_what_may_come_later(
    analysis: AnalyzeResult, type_: str, plain: set[str], later: set[str]
) -> None:
    found = fields(analysis, type_)
    assert {name for name, field in found.items() if field.plain} == plain
    assert {name for name, field in found.items() if not field.plain} == later


@pytest.mark.parametrize(
    ("type_", "required"),
    [
        ("EcsTargetArgs", {"cluster", "service"}),
        ("AlbTargetArgs", {"loadBalancer"}),
        ("RdsTargetArgs", {"instance", "engine", "instanceClass"}),
        ("LogTargetArgs", {"group"}),
        ("AppTargetArgs", {"service"}),
        ("HealthTargetArgs", set()),
        ("AlarmOverride", set()),
        ("AlertRouting", {"severities"}),
        ("TeamArgs", {"alarms"}),
        ("Dashboard", {"graphs", "alarms"}),
        ("EcsMonitoring", {"targets", "routing"}),
        ("HealthCheck", {"targets", "routing"}),
        ("EventMonitoring", {"topics"}),
        ("EventTeamArgs", {"alarms", "topics"}),
        ("DeliveryMonitoring", {"targets", "routing"}),
        ("DeliveryTargetArgs", {"severity", "topic"}),
        ("IncidentPaging", {"incidents", "alarms", "routing"}),
        ("ReviewReminder", {"topics"}),
        ("NewRelicStream", {"datacenter", "metrics", "licenseKey"}),
        ("StreamedMetricArgs", {"namespace", "name"}),
        ("ChatChannels", set()),
        ("SlackChannelArgs", {"workspace", "channel", "topics"}),
    ],
)
def test_what_has_to_be_given(analysis: AnalyzeResult, type_: str, required: set[str]) -> None:
    assert {n for n, field in fields(analysis, type_).items() if not field.optional} == required


@pytest.mark.parametrize(
    ("component", "field"),
    [
        ("EcsMonitoring", "targets"),
        ("AlbMonitoring", "targets"),
        ("RdsMonitoring", "overrides"),
        ("LogMonitoring", "mutes"),
    ],
)
def test_a_mapping_to_a_type_of_its_own(
    analysis: AnalyzeResult, component: str, field: str
) -> None:
    """Anything else would reach another language as an untyped value."""
    items = fields(analysis, component)[field].additional_properties
    assert items is not None
    assert items.ref is not None
    name = items.ref.rpartition(":")[2]
    assert name in analysis["type_definitions"]


@pytest.mark.parametrize("tags", ["EcsMonitoring", "AlertRouting", "HealthCheck", "ReviewReminder"])
def test_the_values_of_tags_may_come_later(analysis: AnalyzeResult, tags: str) -> None:
    items = fields(analysis, tags)["tags"].additional_properties
    assert items is not None
    assert not items.plain


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Severity", ["critical", "warning"]),
        ("NewRelicDatacenter", ["us", "eu"]),
        ("MissingData", ["missing", "ignore", "breaching", "notBreaching"]),
        ("LogFormat", ["text", "json"]),
    ],
)
def test_words_to_choose_from(analysis: AnalyzeResult, name: str, values: list[str]) -> None:
    known = analysis["type_definitions"][name].enum
    assert known is not None
    assert [value.value for value in known] == values


@pytest.mark.parametrize(
    ("component", "outputs"),
    [
        ("AlertRouting", {"topics", "teamTopics", "routing"}),
        ("EcsMonitoring", {"alarms", "omitted", "graphs", "incidents", "muteRules"}),
        ("HealthCheck", {"alarms", "omitted", "graphs", "incidents", "muteRules"}),
        ("IncidentPaging", {"composites", "muteRules"}),
        ("EventMonitoring", {"rules", "omitted"}),
        ("DeliveryMonitoring", {"alarms", "omitted", "graphs", "incidents", "muteRules"}),
        ("ReviewReminder", {"schedules"}),
        ("NewRelicStream", {"stream", "failedRecords"}),
        ("ChatChannels", {"channels"}),
        ("Dashboard", {"dashboardName", "url", "dashboards"}),
    ],
)
def test_what_a_component_gives_back(
    analysis: AnalyzeResult, component: str, outputs: set[str]
) -> None:
    assert set(analysis["component_definitions"][component].outputs) == outputs
