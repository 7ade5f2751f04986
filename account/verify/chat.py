"""Whether AWS's chat service may post to the planned channels: that is allowed once, by hand."""

from collections.abc import Sequence
from typing import Final

from account.account import Account
from account.chat import Workspace, read_workspaces
from account.verify.live_region import NOT_LOOKED_AT
from account.verify.model import FOUND, Answer, missing, unknown
from account.verify.planned import PlannedChannel
from ecs_monitoring.cloudwatch.endpoint import EndpointKind
from ecs_monitoring.words import listed

_CONSOLE: Final = "https://console.aws.amazon.com/chatbot/"
_BY_HAND: Final = {
    EndpointKind.SLACK: (
        f"open {_CONSOLE}, Configure a chat client, Slack, and Allow (docs/notifications.md, Slack)"
    ),
    EndpointKind.TEAMS: (
        f"open {_CONSOLE}, Configure a chat client, Microsoft Teams, paste the channel's link, and "
        "Accept (docs/notifications.md, Microsoft Teams)"
    ),
}
"""What nobody but a person in the console can do:
https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html
https://docs.aws.amazon.com/chatbot/latest/adminguide/teams-setup.html
"""

_WHAT: Final = {EndpointKind.SLACK: "workspace", EndpointKind.TEAMS: "team"}


def channel_answers(
    account: Account, channels: Sequence[PlannedChannel]
) -> tuple[list[tuple[PlannedChannel, Answer]], list[str]]:
    """Each channel with its answer, and what could not be looked at.

    The service is asked for the kinds of channels that there are, and for no others.
    """
    kinds = dict.fromkeys(channel.kind for channel in channels)
    workspaces, notes = read_workspaces(account, kinds)
    answers = [(channel, _answer(channel, workspaces[channel.kind])) for channel in channels]
    return answers, notes


def _answer(channel: PlannedChannel, workspaces: Sequence[Workspace] | None) -> Answer:
    what = _WHAT[channel.kind]
    if workspaces is None:
        return unknown(f"whether its {what} is authorized {NOT_LOOKED_AT}")
    for workspace in workspaces:
        if workspace.id == channel.workspace:
            return missing(f"its {what} is disabled: {workspace.off}") if workspace.off else FOUND
    return missing(
        f"its {what} is not authorized for Amazon Q Developer in chat applications, so that AWS "
        f"refuses the channel: {_BY_HAND[channel.kind]}{_others(what, workspaces)}"
    )


def _others(what: str, workspaces: Sequence[Workspace]) -> str:
    authorized = listed(_named(workspace) for workspace in workspaces)
    return f"; authorized {what}s are {authorized}" if authorized else ""


def _named(workspace: Workspace) -> str:
    return f"{workspace.name} ({workspace.id})" if workspace.name else workspace.id
