"""ChatChannels: who may read what in the name of a channel, and one configuration a channel."""

import json
import re
from typing import Any

import pulumi
import pytest

import ecs_monitoring as watch
from stack.program import ProgramRun
from tests.components.policy import statements
from tests.components.registered import ROLE, ROLE_POLICY, SLACK, TEAMS, named, only
from tests.components.small import CRITICAL, WARNING, RunComponents

GUARDRAIL = "arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"
OPS: Any = {"workspace": "T0123ABCD", "channel": "C0456EFGH", "topics": [CRITICAL]}
TEAM = "abcd1234-ab12-cd34-ef56-abcdef123456"
TEAMS_OPS: Any = {
    "tenant": "1234abcd-12ab-34cd-56ef-1234567890ab",
    "team": TEAM,
    "channel": "19%3Aabc123%40thread.tacv2",
    "topics": [WARNING],
}


def chat(run_components: RunComponents, name: str = "chat", **args: Any) -> ProgramRun:
    def program() -> None:
        given = watch.ChatChannelsArgs(**args)
        pulumi.export("channels", watch.ChatChannels(name, given).channels)

    return run_components(program)


def slack_args(**changes: Any) -> watch.SlackChannelArgs:
    return watch.SlackChannelArgs(**{**OPS, **changes})


def teams_args(**changes: Any) -> watch.TeamsChannelArgs:
    return watch.TeamsChannelArgs(**{**TEAMS_OPS, **changes})


def test_channels_of_both_sorts(run_components: RunComponents) -> None:
    run = chat(run_components, slack=[slack_args()], teams=[teams_args()], tags={"Team": "shop"})
    role = only(run.of_type(ROLE))
    slack, teams = only(run.of_type(SLACK)), only(run.of_type(TEAMS))
    assert {n: slack.inputs[n] for n in ("slackTeamId", "slackChannelId", "snsTopicArns")} == {
        "slackTeamId": "T0123ABCD",
        "slackChannelId": "C0456EFGH",
        "snsTopicArns": [CRITICAL],
    }
    assert {n: teams.inputs[n] for n in ("tenantId", "teamId", "channelId", "snsTopicArns")} == {
        "tenantId": TEAMS_OPS["tenant"],
        "teamId": TEAM,
        "channelId": TEAMS_OPS["channel"],
        "snsTopicArns": [WARNING],
    }
    for channel in (slack, teams):
        assert channel.inputs["iamRoleArn"] == role.arn
        assert channel.inputs["tags"] == {"Team": "shop"}
    assert set(run.exports["channels"]) == {"slack-T0123ABCD-C0456EFGH", f"teams-{TEAM}"}


def test_nobody_in_a_channel_can_do_more_than_read(run_components: RunComponents) -> None:
    """Without a guardrail AWS would take AdministratorAccess for it."""
    run = chat(run_components, slack=[slack_args()], teams=[teams_args()])
    for channel in (*run.of_type(SLACK), *run.of_type(TEAMS)):
        assert channel.inputs["guardrailPolicyArns"] == [GUARDRAIL]
    (rights,) = statements(only(run.of_type(ROLE_POLICY)).inputs["policy"])
    assert rights["Effect"] == "Allow"
    verbs = [action.partition(":")[2] for action in rights["Action"]]
    assert all(verb.startswith(("Describe", "Get", "List")) for verb in verbs)


def test_only_the_chat_service_may_be_the_role(run_components: RunComponents) -> None:
    run = chat(run_components, slack=[slack_args()])
    trust = json.loads(only(run.of_type(ROLE)).inputs["assumeRolePolicy"])
    (statement,) = trust["Statement"]
    assert statement["Principal"] == {"Service": "chatbot.amazonaws.com"}
    assert statement["Action"] == "sts:AssumeRole"
    # AWS documents none that the service sends: with one, no graph would ever be shown.
    assert "Condition" not in statement


def test_without_channels_nothing_is_made(run_components: RunComponents) -> None:
    run = chat(run_components)
    assert [one.type for one in run.registrations if one.custom] == []
    assert run.exports["channels"] == {}


def test_one_role_for_all_channels(run_components: RunComponents) -> None:
    run = chat(run_components, slack=[slack_args(), slack_args(channel="C0789IJKL")])
    assert len(run.of_type(SLACK)) == 2
    assert len(run.of_type(ROLE)) == 1
    names = {one.inputs["configurationName"] for one in run.of_type(SLACK)}
    assert names == {
        "django-ecs-monitoring-test-slack-T0123ABCD-C0456EFGH",
        "django-ecs-monitoring-test-slack-T0123ABCD-C0789IJKL",
    }


def test_two_components_have_a_role_each(run_components: RunComponents) -> None:
    def program() -> None:
        watch.ChatChannels("chat", watch.ChatChannelsArgs(slack=[slack_args()]))
        other = watch.ChatChannelsArgs(slack=[slack_args(channel="C0789IJKL")])
        watch.ChatChannels("chat-data", other)

    run = run_components(program)
    first, second = sorted(role.inputs["name"] for role in run.of_type(ROLE))
    assert first == "alarm-chat-django-ecs-monitoring-test"
    # What follows tells "chat-data" from a project or a stack of such a name.
    assert re.fullmatch(f"{first}-chat-data-[0-9a-f]{{8}}", second)
    assert len(named(run, ROLE)) == 2


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"slack": [slack_args(), slack_args()]}, "slack-T0123ABCD-C0456EFGH twice: write it once"),
        (
            {"teams": [teams_args(), teams_args(channel="19%3Aother%40thread.tacv2")]},
            f"teams-{TEAM} twice: write it once",
        ),
        ({"slack": [slack_args(topics=[])]}, "C0456EFGH has no topics: write some"),
        ({"slack": [slack_args(channel="#ops")]}, "is a channel's name: write the channel's id"),
        ({"teams": [teams_args(team="platform")]}, "is no team's id: write one such as"),
        ({"slack": [{"team": "T0", "channel": "C0"}]}, 'unknown field "team"'),
    ],
)
def test_what_cannot_be_is_refused(
    run_components: RunComponents, args: dict[str, Any], message: str
) -> None:
    with pytest.raises(watch.InvalidArgsError) as refusal:
        chat(run_components, **args)
    assert message in str(refusal.value)


def test_topics_of_the_same_program(run_components: RunComponents) -> None:
    def program() -> None:
        args = watch.AlertRoutingArgs(severities=[watch.Severity.CRITICAL])
        topic = watch.AlertRouting("alerts", args).own_topic("critical")
        assert topic is not None
        watch.ChatChannels("chat", watch.ChatChannelsArgs(slack=[slack_args(topics=[topic])]))

    run = run_components(program)
    topic = only(run.of_type("aws:sns/topic:Topic"))
    assert only(run.of_type(SLACK)).inputs["snsTopicArns"] == [topic.arn]
