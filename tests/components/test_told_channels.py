"""The channels that any topic tells, of topics in several Regions and of teams."""

from types import SimpleNamespace
from typing import Any, Final

import pytest

import ecs_monitoring as watch
from ecs_monitoring.chat_channels import told_channels
from ecs_monitoring.rules.chat import SlackChannel, TeamsChannel
from tests.components.registered import SLACK, TEAMS
from tests.components.small import CRITICAL, WARNING, RunComponents

CRITICAL_ONES, WARNINGS = watch.Severity
OPS: Final = SlackChannel(workspace="T0123ABCD", channel="C0456EFGH")
PAY: Final = SlackChannel(workspace="T0123ABCD", channel="C0789IJKL")
TEAM: Final = TeamsChannel(
    tenant="01234567-89ab-cdef-0123-456789abcdef",
    team="76543210-89ab-cdef-0123-456789abcdef",
    channel=f"19%3A{'a' * 32}%40thread.tacv2",
)


def routing(**topics: str) -> Any:
    """A routing that has made some topics: ``critical``, ``pay_warning``."""

    def own_topic(severity: str, team: str = "") -> str | None:
        return topics.get(f"{team}_{severity}" if team else str(severity))

    return SimpleNamespace(own_topic=own_topic)


def test_a_channel_is_told_by_the_topics_of_every_region() -> None:
    home, outside = (
        routing(critical="h-c", warning="h-w", pay_warning="h-p"),
        routing(warning="o-w"),
    )
    channels: Any = [
        (OPS, [("", CRITICAL_ONES), ("", WARNINGS), ("pay", WARNINGS)]),
        # Nobody made a topic of these.
        (PAY, [("pay", CRITICAL_ONES)]),
        (TEAM, [("", WARNINGS)]),
    ]
    assert told_channels(iter(channels), iter([home, outside])) == {
        "slack": [
            {
                "workspace": "T0123ABCD",
                "channel": "C0456EFGH",
                "topics": ["h-c", "h-w", "h-p", "o-w"],
            }
        ],
        "teams": [
            {
                "tenant": TEAM.tenant,
                "team": TEAM.team,
                "channel": TEAM.channel,
                "topics": ["h-w", "o-w"],
            }
        ],
    }


def slack(channel: SlackChannel, *topics: str) -> Any:
    return {**dict(channel), "topics": list(topics)}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            {"slack": [slack(OPS)]},
            "ChatChannels 'chat'.slack: C0456EFGH has no topics: write some",
        ),
        (
            {"teams": [{**dict(TEAM), "topics": []}]},
            f"ChatChannels 'chat'.teams: {TEAM.channel} has no topics: write some",
        ),
        (
            {"slack": [slack(OPS, WARNING), slack(PAY, WARNING), slack(OPS, CRITICAL)]},
            "ChatChannels 'chat'.slack: slack-T0123ABCD-C0456EFGH twice: write it once, with all "
            "of its topics",
        ),
        (
            {"teams": [{**dict(TEAM), "topics": [WARNING]}] * 2},
            f"ChatChannels 'chat'.teams: teams-{TEAM.team} twice: write it once, with all of its "
            "topics",
        ),
    ],
)
def test_channels_that_cannot_be(
    run_components: RunComponents, args: dict[str, Any], message: str
) -> None:
    def program() -> None:
        given: Any = args
        watch.ChatChannels("chat", given)

    with pytest.raises(watch.InvalidArgsError) as refusal:
        run_components(program)
    assert str(refusal.value) == message


def test_several_channels_have_a_configuration_each(run_components: RunComponents) -> None:
    def program() -> None:
        given: Any = {"slack": [slack(OPS, WARNING), slack(PAY, CRITICAL)]}
        watch.ChatChannels("chat", given)

    run = run_components(program)
    assert {one.name: one.inputs["snsTopicArns"] for one in run.of_type(SLACK)} == {
        "chat.slack-T0123ABCD-C0456EFGH": [WARNING],
        "chat.slack-T0123ABCD-C0789IJKL": [CRITICAL],
    }
    assert run.of_type(TEAMS) == []
