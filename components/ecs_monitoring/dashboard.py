"""The stack's dashboards: every component's graphs, and every alarm's state on top."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Optional

import pulumi
import pulumi_aws as aws

from ecs_monitoring.args import InvalidArgsError, as_args
from ecs_monitoring.aws_identity import aws_identity
from ecs_monitoring.catalog.regions import console_url
from ecs_monitoring.cloudwatch.dashboard import Page, page_body, pages
from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.graph import DashboardPart, Text, from_json
from ecs_monitoring.monitoring import TYPE_PREFIX
from ecs_monitoring.names import of_stack, within

DEFAULT_NAME = "dashboard"
DEFAULT_TITLE = "Django-App-Overview"

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
_NAME_LENGTH = 255
_TITLE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, kw_only=True)
class DashboardArgs:
    """What the dashboard shows."""

    graphs: list[pulumi.Input[str]]
    """What each monitoring component offers as its graphs, in reading order."""

    alarms: list[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """The alarms of each monitoring component, address to ARN, for the status widget."""

    title: Optional[str] = None
    """Dashboards are called title, project, stack; Django-App-Overview if left out."""

    runbooks: Optional[str] = None
    """Page with one section a rule, linked in the header; no link if left out."""


class Dashboard(pulumi.ComponentResource):
    """CloudWatch dashboards of everything that the stack watches.

    The overview is the only one, unless the stack is larger than what one dashboard holds.
    """

    dashboard_name: pulumi.Output[str]
    """The name of the overview."""

    url: pulumi.Output[str]
    """Where the overview opens in the AWS console."""

    dashboards: pulumi.Output[dict[str, str]]
    """Name of each dashboard to where it opens in the AWS console."""

    def __init__(
        self,
        name: str,
        args: DashboardArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None:
        """Register the dashboards.

        Where a component's graphs are an Output, further dashboards than the overview are
        registered once it is known, and the first preview does not show them.

        Args:
            name: the component's name.
            args: graphs and alarms.
            opts: the component's options.

        Raises:
            InvalidArgsError: a title that cannot be, or graphs that are none.
        """
        super().__init__(f"{TYPE_PREFIX}:Dashboard", name, None, opts)
        self._name = name
        self._path = f"Dashboard {name!r}"
        self._args = as_args(DashboardArgs, args, self._path)
        title = self._args.title or DEFAULT_TITLE
        if not _TITLE.fullmatch(title):
            raise InvalidArgsError.at(
                f"{self._path}.title", f"{title!r}: write letters, digits, - and _"
            )
        # A second dashboard in the stack must not overwrite the first one.
        self._base = of_stack(title, usual=DEFAULT_TITLE, own="" if name == DEFAULT_NAME else name)
        region = aws_identity(self).apply(lambda at: at.region)
        self._region_and_arns = _region_and_arns(region, self._args.alarms)
        given = self._args.graphs
        texts = [graphs for graphs in given if isinstance(graphs, str)]
        if len(texts) == len(given):
            laid_out = self._pages(texts)
            for page in laid_out:
                self._register(page.key, self._body(page, laid_out))
            self.dashboards = region.apply(lambda where: self._urls(where, laid_out))
        else:
            every = pulumi.Output.all(*given).apply(self._pages)
            self._register("", every.apply(lambda later: self._body(later[0], later)))
            self.dashboards = pulumi.Output.all(region, every.apply(self._register_further)).apply(
                lambda values: self._urls(*values)
            )
        self.dashboard_name = pulumi.Output.from_input(self._named(""))
        self.url = region.apply(lambda where: _url(where, self._named("")))
        self.register_outputs(
            {
                "dashboard_name": self.dashboard_name,
                "url": self.url,
                "dashboards": self.dashboards,
            }
        )

    def _named(self, key: str) -> str:
        """The name of a dashboard; no stack's name has the underscore where a page's has it."""
        return within(f"{self._base}_{key}" if key else self._base, _NAME_LENGTH)

    def _pages(self, graphs: Sequence[str]) -> list[Page]:
        return list(pages([self._part(number, text) for number, text in enumerate(graphs)]))

    def _part(self, number: int, text: str) -> DashboardPart:
        try:
            return from_json(text)
        except InvalidValueError as error:
            raise InvalidArgsError.at(
                f"{self._path}.graphs[{number}]",
                f"{error}: give it the graphs of a monitoring component",
            ) from None

    def _urls(self, region: str, laid_out: Sequence[Page]) -> dict[str, str]:
        names = [self._named(page.key) for page in laid_out]
        return {name: _url(region, name) for name in names}

    def _body(self, page: Page, laid_out: Sequence[Page]) -> pulumi.Output[str]:
        def body(values: Sequence[str]) -> str:
            region, *arns = values
            return page_body(page, [self._header(page, laid_out, region)], arns, region=region)

        return self._region_and_arns.apply(body)

    def _register(self, key: str, body: pulumi.Output[str]) -> None:
        aws.cloudwatch.Dashboard(
            f"{self._name}-{key}" if key else self._name,
            dashboard_name=self._named(key),
            dashboard_body=body,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _register_further(self, laid_out: list[Page]) -> list[Page]:
        for page in laid_out[1:]:
            self._register(page.key, self._body(page, laid_out))
        return laid_out

    def _header(self, page: Page, laid_out: Sequence[Page], region: str) -> Text:
        console = _console(region)
        lines = [
            f"# {self._named(page.key)}",
            f"[Alarms]({console}#alarmsV2:) | [Logs Insights]({console}#logsV2:logs-insights) | "
            f"{_runbooks(self._args.runbooks)}lines across graphs are alarm thresholds: "
            "red wakes someone, orange is for today",
        ]
        others = [other for other in laid_out if other.key != page.key]
        if others:
            links = (f"[{other.title}]({_url(region, self._named(other.key))})" for other in others)
            lines.append(f"\nMore dashboards: {' | '.join(links)}")
        return Text(markdown="\n".join(lines), height=3 if others else 2)


def _region_and_arns(
    region: pulumi.Output[str], alarms: Sequence[pulumi.Input[Mapping[str, Any]]]
) -> pulumi.Output[list[str]]:
    """The Region, then the ARNs of the alarms."""
    if any(isinstance(mapping, pulumi.Output) for mapping in alarms):
        later = pulumi.Output.all(region, *alarms)
        return later.apply(lambda values: [values[0], *_in_order(values[1:])])
    return pulumi.Output.all(region, *_in_order(alarms))


def _in_order(alarms: Sequence[Any]) -> list[Any]:
    """ARNs in an order that another language keeps, too: mappings come back from it sorted."""
    return [arn for mapping in alarms for _, arn in sorted(mapping.items(), key=itemgetter(0))]


def _runbooks(page: str | None) -> str:
    """The runbook page in a dashboard's header, where there is one."""
    if not page:
        return ""
    return f"[Runbooks]({page}) | " if "://" in page else f"Runbooks: `{page}` | "


def _console(region: str) -> str:
    return f"{console_url(region)}/cloudwatch/home?region={region}"


def _url(region: str, name: str) -> str:
    return f"{_console(region)}#dashboards/dashboard/{name}"
