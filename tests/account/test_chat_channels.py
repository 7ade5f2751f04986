"""The chat channels and workspaces of an account, as AWS's service tells of them."""

from dataclasses import replace
from typing import Any

from account.chat import ChatChannel, Workspace, read_channels, read_workspaces
from ecs_monitoring.cloudwatch.endpoint import EndpointKind
from tests.account.recorded import ACCESS, Answer, Recorded, refused


class Opened:
    """An account whose chat service answers as a test says."""

    def __init__(self, **answers: Answer) -> None:
        self.chatbot = Recorded(**answers)

    def client(self, service: str, region: str) -> Recorded:
        # Where the service's console is.
        assert (service, region) == ("chatbot", "us-east-2")
        return self.chatbot


def opened(**answers: Answer) -> Any:
    return Opened(**answers)


def slack(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "SlackChannelName": name,
        "SlackChannelId": f"C-{name}",
        "SlackTeamName": "acme",
        "SnsTopicArns": ["a", "b"],
        **changes,
    }


def teams(id_: str, **changes: Any) -> dict[str, Any]:
    return {"ChannelId": id_, "TeamId": "team", "SnsTopicArns": ["b"], **changes}


def test_the_channels_of_an_account() -> None:
    account = opened(
        describe_slack_channel_configurations=[
            {"SlackChannelConfigurations": [slack("ops", State="ENABLED")]},
            {
                "SlackChannelConfigurations": [
                    slack("off", State="DISABLED", StateReason="denied"),
                    slack("odd", State="PENDING"),
                    slack("far", SnsTopicArns=["c"]),
                ]
            },
        ],
        list_microsoft_teams_channel_configurations={
            "TeamChannelConfigurations": [
                teams("1"),
                teams("2", ChannelName="alerts", TeamName="Shop"),
            ]
        },
    )
    channels, notes = read_channels(account, ["b"])
    both, one = frozenset("ab"), frozenset("b")
    of_slack = ChatChannel(kind=EndpointKind.SLACK, name="#ops (C-ops) of acme", topics=both)
    of_teams = ChatChannel(kind=EndpointKind.TEAMS, name="1 of team", topics=one)
    assert channels == [
        of_slack,
        replace(of_slack, name="#off (C-off) of acme", off="denied"),
        replace(of_slack, name="#odd (C-odd) of acme", off="its state is PENDING"),
        of_teams,
        replace(of_teams, name="alerts of Shop"),
    ]
    assert notes == []
    assert [channel.shown for channel in (channels[0], channels[-1])] == [
        "Slack channel #ops (C-ops) of acme",
        "Microsoft Teams channel alerts of Shop",
    ]


def test_channels_that_are_refused() -> None:
    account = opened(
        describe_slack_channel_configurations=refused(),
        list_microsoft_teams_channel_configurations=refused(),
    )
    assert read_channels(account, ["b"]) == (
        [],
        [
            f"chat channels: {whose} could not be looked at: {ACCESS}"
            for whose in ("Slack's", "Microsoft Teams'")
        ],
    )


def test_the_workspaces_of_an_account() -> None:
    account = opened(
        describe_slack_workspaces={
            "SlackWorkspaces": [
                {"SlackTeamId": "T1", "SlackTeamName": "acme"},
                {"SlackTeamId": "T2", "SlackTeamName": "old", "State": "DISABLED"},
            ]
        },
        list_microsoft_teams_configured_teams=refused(),
    )
    found, notes = read_workspaces(account, [EndpointKind.TEAMS, EndpointKind.SLACK])
    assert found == {
        EndpointKind.TEAMS: None,
        EndpointKind.SLACK: [
            Workspace(id="T1", name="acme"),
            Workspace(id="T2", name="old", off="its state is DISABLED"),
        ],
    }
    assert notes == [f"chat channels: Microsoft Teams' teams could not be looked at: {ACCESS}"]
    named = opened(
        list_microsoft_teams_configured_teams={
            "ConfiguredTeams": [{"TeamId": "t", "TeamName": "Shop"}, {"TeamId": "u"}]
        }
    )
    assert read_workspaces(named, [EndpointKind.TEAMS])[0] == {
        EndpointKind.TEAMS: [Workspace(id="t", name="Shop"), Workspace(id="u", name="")]
    }
