"""A drill's result: what arrived, what is in the way, what could not be put back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from account.alarms import LiveAlarm
from drill.chat import to_look_at
from drill.cleanup import Leftover
from drill.mark import DrillMark
from drill.outcome import (
    AlarmOutcome,
    EndpointOutcome,
    Result,
    endpoint_outcomes,
    without_delivery,
)
from drill.plan import DrillPlan
from drill.survey import Survey


@dataclass(kw_only=True)
class DrillReport:
    """Grows while a drill runs.

    Attributes:
        survey: what was seen before.
        mark: the drill's sign.
        outcomes: one an alarm, as they came about.
        leftovers: what could not be put back.
        interrupted: whether a signal ended it.
    """

    survey: Survey
    mark: DrillMark
    outcomes: list[AlarmOutcome] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)
    interrupted: bool = False

    def left_alone(self, planned: DrillPlan) -> None:
        """Note the alarms of a plan that are not drilled."""
        self.outcomes += [
            without_delivery(left.alarm, Result.NOT_DRILLED, left.reason)
            for left in planned.left_alone
        ]

    def cut_short(self, alarms: Sequence[LiveAlarm], reason: str) -> list[AlarmOutcome]:
        """Give an outcome to each alarm that has none yet; returns these."""
        done = {outcome.alarm.arn for outcome in self.outcomes}
        missing = [
            without_delivery(alarm, Result.CUT_SHORT, reason)
            for alarm in alarms
            if alarm.arn not in done
        ]
        self.outcomes += missing
        return missing

    @property
    def delivered(self) -> list[AlarmOutcome]:
        """The alarms whose notifications arrived."""
        return [outcome for outcome in self.outcomes if outcome.result is Result.DELIVERED]

    @property
    def to_look_at(self) -> list[str]:
        """Where people have to look whether something has arrived."""
        return to_look_at(self.survey.channels, self.mark.run)

    @property
    def endpoints(self) -> list[EndpointOutcome]:
        """What each endpoint of the drilled alarms' topics was told."""
        return [
            outcome
            for surveyed in self.survey.regions
            for outcome in endpoint_outcomes(
                surveyed.region.name, surveyed.topics.values(), self.outcomes
            )
        ]

    @property
    def needs_attention(self) -> bool:
        """Whether something did not arrive, is in the way, or could not be put back."""
        all_delivered = len(self.delivered) == len(self.outcomes)
        return not all_delivered or bool(self.survey.obstacles or self.leftovers)

    def as_json(self) -> dict[str, Any]:
        """The report for scripts."""
        choice, caller = self.survey.choice, self.survey.caller
        return {
            "project": choice.project,
            "stack": choice.stack,
            "account": caller.account,
            "caller": caller.arn,
            "regions": [surveyed.region.name for surveyed in self.survey.regions],
            "run": self.mark.run,
            "started": self.mark.started.isoformat(),
            "alarms": [outcome.as_json() for outcome in self.outcomes],
            "endpoints": [endpoint.as_json() for endpoint in self.endpoints],
            "obstacles": [obstacle.as_json() for obstacle in self.survey.obstacles],
            "leftovers": [leftover.as_json() for leftover in self.leftovers],
            "notes": list(self.survey.notes),
            "to_look_at": self.to_look_at,
            "interrupted": self.interrupted,
        }
