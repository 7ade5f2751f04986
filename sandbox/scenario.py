"""Scenarios: what happens to the metrics and the log, and who must be notified.

A scenario is a YAML file. It starts from traffic as usual, as the metrics' sheets have it, changes
some of the metrics over the minutes, and says which alarms must fire and when. Nobody else may
be notified of anything.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import (
    Field,
    field_validator,
    model_validator,
)

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.rule import MissingData
from sandbox.scenario_steps import (
    AwsEvent,
    LogLines,
    Minute,
    OperatorsMute,
    OrdinaryMetric,
    Rollout,
    ScenarioModel,
    SeriesChange,
)
from sandbox.series_key import SeriesKey

_TIME_OF_DAY: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class ScenarioError(Exception):
    """A scenario that cannot be used; the message names the file and what to write."""


class Expectation(ScenarioModel):
    """A state change that must happen."""

    alarm: str
    """The alarm's key; key@target for one target, or key@target/part for a part of one."""

    to: Literal["ALARM", "OK", "INSUFFICIENT_DATA"] = "ALARM"
    """The state that it changes to."""

    between: tuple[Minute, Minute]
    """The first and the last minute in which the change may come."""

    missing_data: tuple[MissingData, ...] = ()
    """Only where the deployed alarm treats missing data in one of these ways."""

    told: tuple[Minute, Minute] | Literal["never"] | None = None
    """The first and the last minute in which its topics may be told, or never; not looked at if
    left out.
    """

    log_format: Literal["text", "json"] | None = None
    """Only where the alarm's log group has this format."""

    @property
    def key(self) -> str:
        """The alarm key without a target."""
        return AlarmAddress(self.alarm).key


class PageMinutes(ScenarioModel):
    """When somebody is woken on the example's production stack, by what pages.

    Held by a test, and shown in docs/incidents.md.
    """

    alarm: tuple[Minute, ...] = ()
    """The minutes of the pages with ``paging: alarm``."""

    passing: tuple[Minute, ...] = ()
    """Those of them whose alarm's incident is over before it has waited: it wakes nobody."""

    incident: tuple[Minute, ...] = ()
    """The minutes of the pages with ``paging: incident``."""

    latest: Minute | None = None
    """The minute by which the first of them must come: the earliest in which a critical alarm
    that is not passing is on and its incident has waited. ``None`` where all of them pass.
    """


class Scenario(ScenarioModel):
    """What happens, and what must come of it."""

    title: str
    """One line for people."""

    story: str
    """What goes on, in a sentence or two."""

    minutes: Annotated[int, Field(ge=1, le=14 * 1440)]
    """How long it goes on."""

    start: str = "09:00"
    """Time of day, UTC, of minute 0; in quotes, since YAML reads 23:45 as a number."""

    first_data: Minute | None = None
    """Of a stack that is deployed in minute 0, together with what it watches: the minute in which
    metrics are published first that ``series`` says nothing of; the others begin with their first
    change. Left out, everything is there for long.
    """

    seed: int = 1
    """Of the noise: the same seed, the same day."""

    proves: tuple[str, ...] = ()
    """The keys of alarms that must fire in it, and of events of which somebody is told."""

    causes: Annotated[int, Field(ge=0)] = 1
    """How many things break that have nothing to do with each other: with ``paging: incident``
    so many pages come, where any critical alarm fires at all.
    """

    settings: tuple[str, ...] = ()
    """Changes of the example's production stack on which the scenario is about, as ``--set`` takes
    them. Another stack plays it with the targets that it has.
    """

    pages: PageMinutes = PageMinutes()
    """When somebody is woken on the example's production stack."""

    series: dict[str, tuple[SeriesChange, ...]] = {}
    """``<namespace> <metric>``, optionally ``@<target>``, optionally dimensions such as
    ``TargetGroup=…``, to what happens to it.
    """

    logs: tuple[LogLines, ...] = ()
    """What the application logs besides the usual."""

    events: tuple[AwsEvent, ...] = ()
    """What AWS itself tells of."""
    rollout: Rollout | None = None
    """A deployment that the stack's ``deployment_alarms`` judge; without any the scenario is an
    ordinary day.
    """

    mutes: tuple[OperatorsMute, ...] = ()
    """Windows besides those of the stack's own mute rules in which alarms tell nobody."""

    expect: tuple[Expectation, ...] = ()
    """State changes that must happen, in the order of time."""

    def without_events(self) -> "Scenario":
        """The same time in which nothing happens."""
        nothing: dict[str, object] = {
            "first_data": None,
            "series": {},
            "logs": (),
            "expect": (),
            "proves": (),
            "rollout": None,
        }
        return self.model_copy(update=nothing)

    def over_after(self, minute: int, usual: Mapping[str, OrdinaryMetric]) -> "Scenario":
        """The same, with everything as usual from the minute after one on."""
        back = minute + 1
        series = {
            name: (
                *(change for change in changes if change.at <= minute),
                SeriesChange(at=back, to="usual", noise=usual[SeriesKey.parsed(name).metric].noise),
            )
            for name, changes in self.series.items()
        }
        logs = tuple(
            lines.model_copy(update={"until": min(lines.until or lines.at + 1, back)})
            for lines in self.logs
            if lines.at <= minute
        )
        return self.model_copy(update={"series": series, "logs": logs})

    @field_validator("series")
    @classmethod
    def _series_are_keys(
        cls, value: dict[str, tuple[SeriesChange, ...]]
    ) -> dict[str, tuple[SeriesChange, ...]]:
        for text in value:
            SeriesKey.parsed(text)
        return value

    @field_validator("start", mode="before")
    @classmethod
    def _time_of_day(cls, value: object) -> object:
        if not isinstance(value, str) or not _TIME_OF_DAY.fullmatch(value):
            raise ValueError(f'{value!r} is no time of day: write one in quotes, such as "23:45"')
        return value

    @model_validator(mode="after")
    def _consistent(self) -> "Scenario":
        fired = {expectation.key for expectation in self.expect if expectation.to == "ALARM"}
        fired |= {key for event in self.events for key in event.notifies}
        if fired != set(self.proves):
            named = ", ".join(sorted(fired ^ set(self.proves)))
            raise ValueError(f"proves and the alarms expected to fire differ: {named}")
        for event in self.events:
            if event.at >= self.minutes:
                raise ValueError(
                    f"event {event.recorded}: minute {event.at} is not within the scenario's "
                    f"{self.minutes} minutes"
                )
        for expectation in self.expect:
            first, last = expectation.between
            if not first <= last < self.minutes:
                raise ValueError(
                    f"{expectation.alarm}: between {first} and {last} is not within the "
                    f"scenario's {self.minutes} minutes"
                )
        return self
