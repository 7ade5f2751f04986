"""What can happen in a scenario: to metrics, in the log, at AWS, and by people's hands."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ecs_monitoring.rules.mute import Muted

Minute = Annotated[int, Field(ge=0)]


class ScenarioModel(BaseModel):
    """A part of a scenario file: no field that is not known, and nothing changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class OrdinaryMetric(ScenarioModel):
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


class SeriesChange(ScenarioModel):
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


class LogLines(ScenarioModel):
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


class AwsEvent(ScenarioModel):
    """Something that AWS tells EventBridge of, about each target that it can be about."""

    at: Minute
    """The minute in which it happens."""

    recorded: str
    """Name of the recorded event, a file of ``sandbox/recorded_events``."""

    foreign: bool = False
    """Whether it is about something that the stack does not watch."""

    notifies: tuple[str, ...] = ()
    """Keys of the events of which somebody is told; nobody where there is none."""


class Rollout(ScenarioModel):
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
