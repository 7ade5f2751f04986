"""Scenarios: what happens to the metrics and the log, and who must hear of it.

A scenario is a YAML file. It starts from traffic as usual, as the metrics' sheets have it, changes
some of the metrics over the minutes, and says which alarms must fire and when. Nobody else may
hear anything.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from ecs_monitoring.catalog.metrics import SHEETS, Fact, Published
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.rule import MissingData
from ecs_monitoring.rules.mute import Muted
from sandbox.series_key import SeriesKey

SCENARIOS: Final = Path(__file__).resolve().parent / "scenarios"
"""Where the shipped scenarios are."""

_TIME_OF_DAY: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")

Minute = Annotated[int, Field(ge=0)]


class ScenarioError(Exception):
    """A scenario that cannot be used; the message names the file and what to write."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Usual(_Model):
    """A metric on a day on which nothing happens."""

    level: float
    """Around what it varies, in the metric's own unit."""

    clear_of: Annotated[float, Field(gt=1)] | None = None
    """How many times away from the deployed threshold it is, where an alarm watches it."""

    noise: Annotated[float, Field(ge=0)] = 0
    """Standard deviation of the variation from minute to minute."""

    daily: Annotated[float, Field(ge=0, le=1)] = 0
    """How much of the level the night takes away: 0.5 halves it at four in the morning."""

    samples: Annotated[int, Field(ge=1)] = 1
    """Values published a minute: the number of tasks, or of requests that were timed."""

    spread: Annotated[float, Field(ge=0)] = 0
    """Standard deviation among the values of one minute."""

    at_least: float = 0
    """What no value is below."""

    at_most: float | None = None
    """What no value is above."""

    counts: bool = False
    """Whether values are whole numbers."""

    sparse: bool = False
    """Whether a minute with nothing to count has no value at all, instead of 0."""


class SeriesChange(_Model):
    """What happens to a metric from one minute on."""

    at: Minute
    """The minute in which it starts."""

    to: float | Literal["usual"] | None = None
    """The level that it goes to; usual for its level on other days."""

    beyond: Annotated[float, Field(gt=1)] | None = None
    """Instead of a level: how many times past the deployed threshold it goes."""

    over: Minute = 0
    """Minutes that it takes to get there; 0 for at once."""

    samples: Annotated[int, Field(ge=0)] | None = None
    """Values a minute from here on; 0 stops the metric's delivery."""

    noise: Annotated[float, Field(ge=0)] | None = None
    """Standard deviation of the variation from here on."""

    @model_validator(mode="after")
    def _one_goal(self) -> "SeriesChange":
        if self.to is not None and self.beyond is not None:
            raise ValueError("write to or beyond, not both")
        return self


class LogLines(_Model):
    """Log events in the watched log groups."""

    at: Minute
    """The first minute."""

    until: Minute | None = None
    """The minute after the last one; left out, it is the first minute alone."""

    every: Annotated[int, Field(ge=1)] = 1
    """Minutes from one occurrence to the next."""

    count: Annotated[int, Field(ge=1)] = 1
    """Events at each occurrence."""

    message: str
    """The whole event; several lines are one event."""

    exception: str = ""
    """The exception's class, for log groups in JSON format."""

    level: str = "INFO"
    """The level, for log groups in JSON format."""


class AwsEvent(_Model):
    """Something that AWS tells EventBridge of, about each target that it can be about."""

    at: Minute
    """The minute in which it happens."""

    recorded: str
    """Name of the recorded event, a file of ``sandbox/recorded_events``."""

    foreign: bool = False
    """Whether it is about something that the stack does not watch."""

    notifies: tuple[str, ...] = ()
    """Keys of the events of which somebody is told; nobody where there is none."""


class Rollout(_Model):
    """A deployment that ECS rolls back as soon as one of its alarms is on.

    From the minute after that on, everything is usual again: the old version takes the traffic.
    """

    at: Minute
    """The minute in which the new version gets its first traffic."""

    bake: Annotated[int, Field(ge=1)]
    """Minutes for which ECS looks at the alarms."""

    rolled_back: tuple[Minute, Minute]
    """The first and the last minute in which it must be rolled back."""


class OperatorsMute(Muted):
    """Alarms that somebody mutes by hand: ``python -m ops mute``."""

    at: Minute
    """The minute in which the window begins."""

    until: Minute
    """The minute in which it ends by itself."""

    ended: Minute | None = None
    """The minute in which somebody ends it earlier: ``python -m ops mute --end``. Its rule is
    deleted, and what is still on tells at once:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules-behaviour.html
    """

    @property
    def end(self) -> int:
        """The minute in which it is over."""
        return self.until if self.ended is None else self.ended

    @model_validator(mode="after")
    def _lasts(self) -> "OperatorsMute":
        if self.until <= self.at:
            raise ValueError(f"ends at {self.until}, not after {self.at}: write a later minute")
        if self.ended is not None and not self.at < self.ended < self.until:
            raise ValueError(
                f"is ended at {self.ended}: write a minute between {self.at} and {self.until}"
            )
        return self


class Expectation(_Model):
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


class PageMinutes(_Model):
    """When somebody is woken on the example's production stack, by what pages.

    Held by a test, and shown in docs/incidents.md.
    """

    alarm: tuple[Minute, ...] = ()
    """The minutes of the pages with ``paging: alarm``."""

    incident: tuple[Minute, ...] = ()
    """The minutes of the pages with ``paging: incident``."""


class Scenario(_Model):
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

    def over_after(self, minute: int, usual: Mapping[str, Usual]) -> "Scenario":
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


def usual_traffic() -> dict[str, Usual]:
    """Every metric that has a sheet on an ordinary day, by ``<namespace> <metric>``."""
    return {
        f"{sheet.namespace} {sheet.name}": Usual(
            **asdict(sheet.usual),
            at_least=min(sheet.lowest, *sheet.sentinels, 0),
            at_most=None if isinstance(sheet.highest, Fact) else sheet.highest,
            counts=sheet.whole,
            sparse=sheet.published is Published.NOT_ZERO,
        )
        for sheet in SHEETS.values()
    }


def load_scenario(path: Path) -> Scenario:
    """One scenario.

    Raises:
        ScenarioError: no such file, no YAML, or a field that is wrong.
    """
    try:
        return Scenario.model_validate(_yaml(path))
    except ValidationError as error:
        raise ScenarioError(_readable(path, error)) from None


def load_scenarios(names: Sequence[str] = (), directory: Path = SCENARIOS) -> dict[str, Scenario]:
    """The shipped scenarios by name, all of them or those named.

    Raises:
        ScenarioError: a name that is none of them.
    """
    every = sorted(path.stem for path in directory.glob("*.yaml"))
    for name in names:
        if name not in every:
            raise ScenarioError(f"no scenario {name!r}: write one of {', '.join(every)}")
    return {name: load_scenario(directory / f"{name}.yaml") for name in names or every}


def _yaml(path: Path) -> Any:
    try:
        fields = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScenarioError(f"{path}: {error.strerror}") from None
    except yaml.YAMLError as error:
        raise ScenarioError(f"{path.name} is no YAML: {error}") from None
    if not isinstance(fields, dict):
        raise ScenarioError(f"{path.name}: write a mapping")
    return fields


def _readable(path: Path, error: ValidationError) -> str:
    faults = "; ".join(
        f"{'.'.join(map(str, detail['loc'])) or 'scenario'}: {detail['msg']}"
        for detail in error.errors(include_url=False)
    )
    return f"{path.name}: {faults}"
