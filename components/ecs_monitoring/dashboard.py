"""The overview dashboard: every component's graphs on one grid, every alarm's state on top."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional

import pulumi
import pulumi_aws as aws

from ecs_monitoring.args import InvalidArgsError, as_args
from ecs_monitoring.cloudwatch.dashboard import dashboard_body
from ecs_monitoring.cloudwatch.graph import AlarmStatus, Panel, Text
from ecs_monitoring.monitoring import TYPE_PREFIX
from ecs_monitoring.rules.plan import RUNBOOKS

DEFAULT_NAME = "dashboard"
DEFAULT_TITLE = "Django-App-Overview"

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")


@dataclass(frozen=True, kw_only=True)
class DashboardArgs:
    """What the dashboard shows.

    Attributes:
        parts: what each monitoring component offers (its ``dashboard``), in reading order.
        alarms: ARNs of all alarms, for the status widget.
        title: the dashboard is called ``<title>-<stack>``.
        runbooks: page with one section a rule, linked in the header.
    """

    parts: list[pulumi.Input[Any]]
    alarms: list[pulumi.Input[str]]
    title: Optional[str] = None
    runbooks: Optional[str] = None


class Dashboard(pulumi.ComponentResource):
    """A CloudWatch dashboard of everything that the stack watches.

    Attributes:
        dashboard_name: the dashboard's name.
        url: where it opens in the AWS console.
    """

    dashboard_name: pulumi.Output[str]
    url: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        args: DashboardArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None:
        """Register the dashboard.

        Args:
            name: the component's name.
            args: graphs and alarms.
            opts: the component's options.
        """
        super().__init__(f"{TYPE_PREFIX}:Dashboard", name, None, opts)
        checked = as_args(DashboardArgs, args, f"Dashboard {name!r}")
        # A second dashboard in the stack must not overwrite the first one.
        suffix = "" if name == DEFAULT_NAME else f"-{name}"
        stack = pulumi.get_stack()
        title = f"{checked.title or DEFAULT_TITLE + suffix}-{stack}"
        if not _NAME.fullmatch(title):
            raise InvalidArgsError(
                f"dashboard name {title!r}: write up to 255 letters, digits, - and _"
            )
        region = aws.get_region_output(opts=pulumi.InvokeOptions(parent=self)).region
        runbooks = checked.runbooks or RUNBOOKS

        def body(values: Sequence[Any]) -> str:
            where, arns, parts = values
            header = _header(title, where, runbooks, arns)
            return dashboard_body(header, parts, region=where)

        dashboard = aws.cloudwatch.Dashboard(
            name,
            dashboard_name=title,
            dashboard_body=pulumi.Output.all(region, checked.alarms, checked.parts).apply(body),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.dashboard_name = dashboard.dashboard_name
        self.url = pulumi.Output.format(
            "https://{0}.console.aws.amazon.com/cloudwatch/home?region={0}#dashboards/dashboard/{1}",
            region,
            title,
        )
        self.register_outputs({"dashboard_name": self.dashboard_name, "url": self.url})


def _header(title: str, region: str, runbooks: str, arns: Sequence[str]) -> list[Panel]:
    console = f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}"
    runbook = f"[Runbooks]({runbooks})" if "://" in runbooks else f"Runbooks: `{runbooks}`"
    markdown = (
        f"# {title}\n"
        f"[Alarms]({console}#alarmsV2:) | [Logs Insights]({console}#logsV2:logs-insights) | "
        f"{runbook} | lines across graphs are alarm thresholds: "
        "red wakes someone, orange is for today"
    )
    return [
        Text(markdown=markdown, height=2),
        AlarmStatus(title="All alarms", alarms=tuple(arns)),
    ]
