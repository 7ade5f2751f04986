"""How a fetch went, for people, scripts and the exit code."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from history.day import BadFile
from history.kept import Failure, Kept
from history.prepare import Preparation
from history.wanted import WantedMetric
from ops.terminal import ExitCode


@dataclass(kw_only=True)
class FetchReport:
    """What has been kept so far.

    Attributes:
        preparation: what there was to do.
        archive: the archive's folder.
        days: files of metrics' days that were written.
        answered: each metric that was answered in full, and by how many records.
        changes: how many changes of alarms' states are new.
        failures: what could not be fetched.
        bad: damaged files that were set aside.
        interrupted: whether it was ended early.
    """

    preparation: Preparation
    archive: Path
    days: int = 0
    answered: Counter[WantedMetric] = field(default_factory=Counter)
    changes: int = 0
    failures: list[Failure] = field(default_factory=list)
    bad: list[BadFile] = field(default_factory=list)
    interrupted: bool = False

    def add(self, kept: Kept) -> None:
        """Count what one step brought."""
        self.days += kept.days
        self.answered.update(kept.answered)
        self.changes += kept.changes
        self.failures += kept.failures
        self.bad += kept.bad

    @property
    def records(self) -> int:
        """How many records were fetched."""
        return self.answered.total()

    @property
    def without_data(self) -> list[WantedMetric]:
        """The metrics that were asked for and of which there is no record, old or new.

        Usually a dimension of theirs is wrong.
        """
        with_data = {metric for region in self.preparation.regions for metric in region.with_data}
        return [
            metric
            for metric, count in self.answered.items()
            if not count and metric not in with_data
        ]

    @property
    def exit_code(self) -> int:
        """0 all fetched, 1 not all, 130 interrupted."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        return ExitCode.ATTENTION if self.failures else ExitCode.DONE

    @property
    def reasons(self) -> dict[str, list[str]]:
        """What could not be fetched, by the reason."""
        reasons: dict[str, list[str]] = {}
        for failure in self.failures:
            reasons.setdefault(failure.reason, []).append(failure.what)
        return reasons

    def as_json(self) -> dict[str, Any]:
        """Everything for scripts."""
        preparation = self.preparation
        return {
            "stack": preparation.place.stack,
            "account": preparation.caller.account,
            "archive": str(self.archive),
            "alarms": sum(len(region.alarms) for region in preparation.regions),
            "metrics": sum(len(region.metrics) for region in preparation.regions),
            "calls": sum(len(region.calls) for region in preparation.regions),
            "requests_at_most": preparation.requests,
            "statistics_requested": preparation.cost.requests,
            "cost_usd_at_most": str(preparation.cost.usd),
            "days_written": self.days,
            "records": self.records,
            "state_changes": self.changes,
            "metrics_without_data": [
                {**missing.metric.as_json(), "alarms": list(missing.alarms)}
                for missing in self.without_data
            ],
            "set_aside": [{"path": str(file.path), "reason": file.reason} for file in self.bad],
            "not_fetched": [
                {"what": failure.what, "reason": failure.reason} for failure in self.failures
            ],
            "notes": list(preparation.notes),
            "exit_code": self.exit_code,
        }
