"""Chat channels in the settings: ids, and what people write in their place."""

import json
import re

import pytest

from settings.alerts import AlertSettings
from tests.cloudwatch.test_limits import model
from tests.components.registered import SLACK, TEAMS, named, only
from tests.settings.refusal import (
    ANY,
    NOTHING,
    SECRET,
    Mistake,
    mistakes,
    problem_at,
    refused,
    run_changed,
    warned,
)

API = model("chatbot/2017-10-11")["shapes"]
OPS = {"workspace": "T0123ABCD", "channel": "C0456EFGH"}
TENANT = "1234abcd-12ab-34cd-56ef-1234567890ab"
TEAM = "abcd1234-ab12-cd34-ef56-abcdef123456"
CHANNEL = "19%3Aabc123%40thread.tacv2"
LINK = f"https://teams.microsoft.com/l/channel/{CHANNEL}/General?groupId={TEAM}&tenantId={TENANT}"
TEAMS_OPS = {"tenant": TENANT, "team": TEAM, "channel": CHANNEL}


def slack(**ids: str) -> str:
    return f"alerts.slack={json.dumps({'critical': [{**OPS, **ids}]})}"


def teams(**ids: str) -> str:
    return f"alerts.microsoft_teams.critical={json.dumps([{**TEAMS_OPS, **ids}])}"


def slack_mistake(field: str, value: str, fix: str) -> Mistake:
    return Mistake(slack(**{field: value}), f"alerts.slack.critical[0].{field}", value, fix)


def teams_mistake(field: str, value: str, fix: str) -> Mistake:
    path = f"alerts.microsoft_teams.critical[0].{field}"
    # A link is longer than what a message repeats.
    shown = ANY if value == LINK else value
    return Mistake(teams(**{field: value}), path, shown, fix)


CHANNELS_ID = "write the channel's id, such as C0456EFGH: the last part of the link"
WORKSPACES_ID = "write the workspace's id, such as T0123ABCD; the console of Amazon Q Developer"


@mistakes(
    {
        "a name with #": slack_mistake("channel", "#ops", f"is a channel's name: {CHANNELS_ID}"),
        # AWS's own grammar would take it.
        "a name": slack_mistake("channel", "ops", f"is a channel's name: {CHANNELS_ID}"),
        "a link": slack_mistake(
            "channel", "https://acme.slack.com/archives/C0456EFGH", "is a link: write C0456EFGH"
        ),
        "a browser's link": slack_mistake(
            "channel", "https://app.slack.com/client/T0123ABCD/C0456EFGH", "write C0456EFGH"
        ),
        "a link to elsewhere": slack_mistake(
            "channel", "https://acme.slack.com/", f"is a link, and not to a channel: {CHANNELS_ID}"
        ),
        "a direct message": slack_mistake(
            "channel", "D0456EFGH", "is a direct message, to which AWS posts nothing: write a"
        ),
        "the workspace's id": slack_mistake("channel", "T0123ABCD", CHANNELS_ID),
        "no channel": slack_mistake("channel", "", CHANNELS_ID),
        "a workspace's name": slack_mistake("workspace", "acme", WORKSPACES_ID),
        "a workspace's link": slack_mistake("workspace", "https://acme.slack.com/", WORKSPACES_ID),
        "a workspace's browser's link": slack_mistake(
            "workspace", "https://app.slack.com/client/T0123ABCD/C0456EFGH", "write T0123ABCD"
        ),
        "the channel's id": slack_mistake(
            "workspace", "C0456EFGH", f"is a channel's id: {WORKSPACES_ID}"
        ),
        "no id of a workspace": Mistake(
            "alerts.slack.critical=[{channel: C0456EFGH}]",
            "alerts.slack.critical[0].workspace",
            NOTHING,
            "is missing: write workspace: <value>",
        ),
        "the provider's word": Mistake(
            "alerts.slack.critical=[{team: T0123ABCD, channel: C0456EFGH}]",
            "alerts.slack.critical[0].team",
            "T0123ABCD",
            "write one of: workspace, channel",
        ),
        "ids as a text": Mistake(
            "alerts.slack.critical=[T0123ABCD/C0456EFGH]",
            "alerts.slack.critical[0]",
            "T0123ABCD/C0456EFGH",
            "write a mapping",
        ),
        "a channel twice": Mistake(
            f"alerts.slack.critical={json.dumps([OPS, OPS])}",
            "alerts.slack.critical",
            ANY,
            "names one of its entries twice",
        ),
        "a team's name": teams_mistake("team", "platform", "is no team's id: write one such as"),
        "a team's link": teams_mistake("team", LINK, f"is a link: write {TEAM}"),
        "a tenant's link": teams_mistake("tenant", LINK, f"is a link: write {TENANT}"),
        "a tenant's domain": teams_mistake("tenant", "acme.com", "groupId=<team>&tenantId=<ten"),
        "a Teams channel's link": teams_mistake("channel", LINK, f"is a link: write {CHANNEL}"),
        "a Teams channel's name": teams_mistake(
            "channel", "General", "is a channel's name: write its id, such as 19%3Aabc123%40thread"
        ),
        "two channels of one team": Mistake(
            "alerts.microsoft_teams.warning="
            + json.dumps([{**TEAMS_OPS, "channel": "19%3Aother%40thread.tacv2"}]),
            "alerts.microsoft_teams.warning[0].channel",
            "19%3Aother%40thread.tacv2",
            f"is a second channel of team {TEAM}, of which the AWS provider finds only one: write "
            f"{CHANNEL}",
            besides=(teams(),),
        ),
        "a region without the service": Mistake(
            slack(),
            "alerts.slack",
            NOTHING,
            "is not in the partition aws-us-gov: write an address in emails",
            besides=("aws:region=us-gov-west-1",),
        ),
    }
)
def test_a_mistake_is_refused_with_what_to_write(mistake: Mistake) -> None:
    mistake.check()


@pytest.mark.parametrize(
    "change",
    [
        slack(channel="https://hooks.slack.com/services/T0/B0/T0pS3cret"),
        "alerts.slack.critical=['https://hooks.slack.com/services/T0/B0/T0pS3cret']",
        "alerts.slack={critical: {ops: 'https://hooks.slack.com/services/T0/B0/T0pS3cret'}}",
        teams(channel="https://acme.webhook.office.com/webhookb2/T0pS3cret"),
    ],
)
def test_a_webhook_in_place_of_ids_is_not_shown(change: str) -> None:
    assert "T0pS3cret" not in str(refused(change))


def test_a_webhook_in_place_of_a_channel_is_masked() -> None:
    change = slack(channel="https://hooks.slack.com/services/T0/B0/T0pS3cret")
    path = "alerts.slack.critical[0].channel"
    Mistake(change, path, SECRET, "is a link, and not to a channel").check()


@pytest.mark.slow
def test_a_teams_id_as_microsoft_shows_it_is_written_as_aws_takes_it() -> None:
    run = run_changed(teams(channel="19:abc123@thread.tacv2"))
    assert only(run.of_type(TEAMS)).inputs["channelId"] == CHANNEL


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        ("SlackTeamId", OPS["workspace"]),
        ("SlackChannelId", OPS["channel"]),
        ("UUID", TENANT),
        ("TeamsChannelId", CHANNEL),
    ],
)
def test_what_is_taken_is_what_aws_takes(shape: str, value: str) -> None:
    assert re.fullmatch(API[shape]["pattern"], value)
    assert API[shape]["min"] <= len(value) <= API[shape]["max"]


@pytest.mark.slow
def test_a_channel_that_is_told_of_both_severities_is_one_channel() -> None:
    """AWS takes one configuration of a channel in an account."""
    run = run_changed(f"alerts.slack={json.dumps({'critical': [OPS], 'warning': [OPS]})}")
    channel = only(run.of_type(SLACK))
    topics = named(run, "aws:sns/topic:Topic")
    assert channel.inputs["snsTopicArns"] == [
        topics["alerts-critical"].arn,
        topics["alerts-warning"].arn,
    ]


@pytest.mark.slow
def test_a_channel_hears_of_the_checks_from_outside_too() -> None:
    """Their alarms are in us-east-1 and reach only topics there; the service takes both."""
    run = run_changed(slack(), "health.web.url=https://www.example.com/readyz")
    channel = only(run.of_type(SLACK))
    regions = [topic.split(":")[3] for topic in channel.inputs["snsTopicArns"]]
    assert regions == ["ap-northeast-1", "us-east-1"]


@pytest.mark.slow
def test_a_severity_without_alarms_needs_no_channel() -> None:
    """Staging has no critical alarm: no topic, and nothing to post."""
    run = run_changed(slack(), stack="staging")
    assert run.of_type(SLACK) == []


@pytest.mark.slow
def test_a_channel_is_somebody_who_is_notified() -> None:
    warnings = warned("alerts.emails={}", slack())
    assert not any("nobody is notified of critical" in line for line in warnings)
    assert any("nobody is notified of warning" in line for line in warnings)


def test_the_channels_in_order() -> None:
    alerts = AlertSettings.model_validate(
        {
            "slack": {"critical": [OPS], "warning": [OPS]},
            "microsoft_teams": {"warning": [TEAMS_OPS]},
        }
    )
    found = [(channel.name, told) for channel, told in alerts.channels()]
    assert found == [
        ("slack-T0123ABCD-C0456EFGH", [("", "critical"), ("", "warning")]),
        (f"teams-{TEAM}", [("", "warning")]),
    ]


def test_a_slack_webhook_is_pointed_to_the_ids() -> None:
    path = "alerts.webhooks.critical.chat"
    error = refused(f"{path}=https://hooks.slack.com/services/T0/B0/T0pS3cret", secret=True)
    assert "write the channel's ids in alerts.slack" in problem_at(error, path).fix
