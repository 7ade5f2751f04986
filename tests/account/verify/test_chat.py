"""Chat channels whose workspace AWS's service may post to, and those whose may not."""

from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
from botocore.stub import Stubber  # type: ignore[import-untyped]

from account.verify.chat import channel_answers
from account.verify.model import Standing
from account.verify.planned import PlannedChannel
from ecs_monitoring.cloudwatch.endpoint import EndpointKind

TEAM = "abcd1234-ab12-cd34-ef56-abcdef123456"
SLACK = PlannedChannel(kind=EndpointKind.SLACK, workspace="T0123ABCD", channel="C0456EFGH")
TEAMS = PlannedChannel(kind=EndpointKind.TEAMS, workspace=TEAM, channel="19%3Aabc%40thread.tacv2")


class Opened:
    """An account whose chat service answers as a test says; botocore checks the answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self._client = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test").client(
            "chatbot", region_name="us-east-2"
        )
        self._stubber = Stubber(self._client)
        self._stubber.activate()

    def client(self, service: str, region: str) -> Any:
        self.asked.append((service, region))
        return self._client

    def slack(self, *teams: tuple[str, str], **more: str) -> None:
        listed = [{"SlackTeamId": id_, "SlackTeamName": name, **more} for id_, name in teams]
        self._stubber.add_response("describe_slack_workspaces", {"SlackWorkspaces": listed})

    def teams(self, *ids: str) -> None:
        tenant = "1234abcd-12ab-34cd-56ef-1234567890ab"
        listed = [{"TenantId": tenant, "TeamId": id_} for id_ in ids]
        operation = "list_microsoft_teams_configured_teams"
        self._stubber.add_response(operation, {"ConfiguredTeams": listed})

    def refuse(self, operation: str) -> None:
        self._stubber.add_client_error(operation, "AccessDeniedException", "no", 403)


@pytest.fixture
def account() -> Any:
    return Opened()


def test_an_authorized_workspace(account: Any) -> None:
    account.slack(("T0999ZZZZ", "other"), ("T0123ABCD", "acme"), State="ENABLED")
    ((channel, answer),), notes = channel_answers(account, [SLACK])
    assert (channel.shown, answer.verdict) == (
        "Slack channel C0456EFGH of workspace T0123ABCD",
        Standing.FOUND,
    )
    assert notes == []
    # Where its console is, whatever the stack's region.
    assert account.asked == [("chatbot", "us-east-2")]


def test_a_workspace_that_is_not_authorized_is_told_with_what_to_do(account: Any) -> None:
    account.slack(("T0999ZZZZ", "other"))
    ((_, answer),), _ = channel_answers(account, [SLACK])
    assert answer.verdict is Standing.MISSING
    assert answer.words == (
        "its workspace is not authorized for Amazon Q Developer in chat applications, so that AWS "
        "refuses the channel: open https://console.aws.amazon.com/chatbot/, Configure a chat "
        "client, Slack, and Allow (docs/notifications.md, Slack); authorized workspaces are other "
        "(T0999ZZZZ)"
    )


def test_a_workspace_that_an_organization_has_disabled(account: Any) -> None:
    account.slack(("T0123ABCD", "acme"), State="DISABLED", StateReason="Slack is denied")
    ((_, answer),), _ = channel_answers(account, [SLACK])
    assert (answer.verdict, answer.words) == (
        Standing.MISSING,
        "its workspace is disabled: Slack is denied",
    )


def test_teams_of_microsoft(account: Any) -> None:
    account.teams()
    account.teams(TEAM)
    ((_, unauthorized),), _ = channel_answers(account, [TEAMS])
    assert unauthorized.verdict is Standing.MISSING
    assert "Microsoft Teams, paste the channel's link, and Accept" in unauthorized.words
    ((_, authorized),), _ = channel_answers(account, [TEAMS])
    assert authorized.verdict is Standing.FOUND


@pytest.mark.slow
def test_one_kind_that_is_refused_leaves_the_other(account: Any) -> None:
    account.refuse("describe_slack_workspaces")
    account.teams(TEAM)
    answers, (note,) = channel_answers(account, [SLACK, TEAMS])
    assert [answer.verdict for _, answer in answers] == [Standing.UNKNOWN, Standing.FOUND]
    assert "Slack's workspaces could not be looked at" in note
    assert "AccessDeniedException" in note


def test_without_channels_nothing_is_asked(account: Any) -> None:
    assert channel_answers(account, []) == ([], [])
    assert account.asked == []
