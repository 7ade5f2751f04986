"""Runs ``python -m ops review``: the order of work, and what it says."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from botocore.exceptions import (  # type: ignore[import-untyped]
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
)

from account.account import AWS_ERRORS, Account
from account.alarms import NoSuchAlarmError
from account.coverage.read import Coverage, read_coverage
from account.coverage.view import Declared
from account.stack import StackPlace
from ecs_monitoring.cloudwatch.definition import MetricKey
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.words import DAY
from history.archive import Archive, account_of
from history.atomic import write_atomically
from history.day import BadFileError
from history.files import SeriesError, SeriesOption
from history.place import archive_folder
from history.prepare import Preparation
from history.retry import Retry
from ops.arguments import MOST_DAYS
from ops.history.fetching import RefusedError, bring_up_to_date
from ops.history.screen import FetchScreen
from ops.review.screen import Screen
from ops.terminal import ExitCode, complain, print_json
from review.as_json import review_json
from review.build import review_alarm
from review.evidence import DELIVERY, LEAD, Evidence, EvidenceError, ReviewRequest, check
from review.incident_file import IncidentFileError
from review.incidents import review_incidents
from review.model import AlarmReview, IncidentReview, Review
from review.overrides import overrides_of
from review.report import write_report
from review.report.todo import to_do
from review.stack_file import OverridesError, edit
from stack.config import read_stack_config, stacks_folder

_REFUSALS: Final = (
    BadFileError,
    EvidenceError,
    IncidentFileError,
    NoSuchAlarmError,
    OverridesError,
    RefusedError,
    SeriesError,
)


@dataclass(frozen=True, kw_only=True)
class Online:
    """How a review reaches AWS.

    Attributes:
        opened: opens an account by profile and endpoint.
        retry: how patient to be with AWS.
        clock: seconds since 1970 UTC at this moment.
    """

    opened: Callable[[str | None, str | None], Account] = Account.opened
    retry: Retry | None = None
    clock: Callable[[], float] = time.time


def run(arguments: argparse.Namespace, *, online: Online | None = None) -> int:
    """Run the command; returns the exit code.

    Args:
        arguments: what ``ops.review.command.add_arguments`` declares.
        online: how AWS is reached.

    Raises:
        StackConfigError: no such stack, or a ``--set`` that cannot be used.
        pulumi.RunError: the settings, or those of a candidate, are wrong.
    """
    try:
        return _ReviewRun(arguments, online or Online()).code()
    except KeyboardInterrupt:
        complain("\nreview: interrupted; what was fetched is kept")
        return ExitCode.INTERRUPTED
    except (*_REFUSALS, OSError, *AWS_ERRORS) as error:
        complain(f"review: {error}{_hint(error)}")
        return ExitCode.REFUSED


class _ReviewRun:
    def __init__(self, arguments: argparse.Namespace, online: Online) -> None:
        self._arguments = arguments
        self._online = online
        self._zone: ZoneInfo = arguments.zone
        self._config = read_stack_config(arguments.stack)
        self._asked = ReviewRequest(
            alarms=tuple(arguments.alarms),
            days=arguments.days,
            series=tuple(SeriesOption.parsed(text) for text in arguments.series),
            incidents=arguments.incidents,
            candidates=tuple(map(tuple, arguments.candidates)),
            pages_per_month=arguments.pages_per_month,
            zone=self._zone,
        )
        self._archive = Archive(archive_folder(self._config.stack, arguments.archive))
        self._screen = Screen(is_json=arguments.json)
        self._notes: list[str] = []

    def code(self) -> int:
        """Make the review and show it."""
        if self._arguments.write and not self._arguments.yes and not sys.stdin.isatty():
            raise OverridesError(
                "--write: there is no terminal to ask in: give --yes to write without asking"
            )
        account = preparation = None
        if not self._arguments.offline:
            check(self._config, self._asked)
            account = self._online.opened(self._arguments.profile, self._arguments.endpoint_url)
            preparation = self._fetch(account)
        # A running stack is reviewed up to the last full minute that is surely there.
        until = None if account is None else (int(self._online.clock()) - DELIVERY) // 60 * 60
        evidence = Evidence(self._config, self._archive, self._asked, until=until)
        alarms, recorded = self._reviewed(evidence)
        coverage = None
        if account is not None and preparation is not None:
            coverage = self._coverage(account, preparation, recorded)
        review = self._review(evidence, alarms, coverage)
        path = self._arguments.report or Path(f"review-{self._config.stack}.html")
        write_report(review, path)
        self._screen.show(review, path)
        if self._arguments.json:
            print_json(review_json(review))
        if self._arguments.write:
            self._write(alarms)
        return ExitCode.ATTENTION if to_do(review) else ExitCode.DONE

    def _fetch(self, account: Account) -> Preparation:
        """Bring the archive up to date; tells which alarms there are."""
        report = bring_up_to_date(
            account,
            StackPlace.of(self._config, self._arguments.regions),
            self._archive,
            FetchScreen(is_json=self._arguments.json),
            days=min(self._arguments.days + LEAD // DAY, MOST_DAYS),
            is_yes=self._arguments.yes,
            retry=self._online.retry,
            clock=self._online.clock,
        )
        if report.interrupted:
            raise KeyboardInterrupt
        self._notes += [f"set aside and fetched again: {bad}" for bad in report.bad]
        self._notes += [
            f"not fetched: {', '.join(what)}: {why}" for why, what in report.reasons.items()
        ]
        return report.preparation

    def _reviewed(self, evidence: Evidence) -> tuple[list[AlarmReview], dict[MetricKey, bool]]:
        """The review of each alarm, and of which metrics there is any record."""
        reviewed = []
        recorded: dict[MetricKey, bool] = {}
        with self._screen.progress("reviewing", len(evidence.chosen)) as advance:
            for case in evidence.cases():
                for key, history in case.histories.items():
                    recorded[key] = recorded.get(key, False) or len(history) > 0
                reviewed.append(review_alarm(case))
                advance()
        return sorted(reviewed, key=lambda review: review.address), recorded

    def _coverage(
        self, account: Account, preparation: Preparation, recorded: dict[MetricKey, bool]
    ) -> Coverage:
        self._notes += preparation.unseen
        return read_coverage(
            account,
            preparation.place,
            preparation.alarms_by_region,
            now=datetime.fromtimestamp(self._online.clock(), UTC),
            declared=Declared.of(self._config),
            recorded=recorded,
        )

    def _review(
        self, evidence: Evidence, alarms: Sequence[AlarmReview], coverage: Coverage | None
    ) -> Review:
        incidents = self._incidents(evidence, alarms)
        sources = evidence.sources
        deployed = [source.alarm for source in sources.all] if sources.is_deployed else []
        return Review(
            project=self._config.project,
            stack=self._config.stack,
            account=", ".join(sorted({account_of(alarm) for alarm in deployed})),
            regions=tuple(sorted({alarm.region for alarm in deployed})),
            made=datetime.fromtimestamp(self._online.clock(), UTC),
            start=evidence.stretch.start,
            end=evidence.stretch.end,
            zone=self._zone,
            pages_per_month=self._asked.pages_per_month,
            alarms=tuple(alarms),
            coverage=coverage,
            notes=(*self._notes, *evidence.notes),
            incidents=incidents,
            pages_by_incident=_pages_by_incident(evidence),
        )

    def _incidents(
        self, evidence: Evidence, alarms: Sequence[AlarmReview]
    ) -> tuple[IncidentReview, ...]:
        """Of all alarms together; some of them alone say nothing about incidents."""
        if self._asked.alarms:
            if _pages_by_incident(evidence):
                self._notes.append(
                    "incidents page, and some alarms alone say nothing of them: pages are counted "
                    "by a review of all alarms"
                )
            return ()
        stretch = evidence.stretch
        try:
            return review_incidents(evidence.sources.composites, alarms, stretch.start, stretch.end)
        except CannotEvaluateError as error:
            self._notes.append(f"incidents could not be replayed: {error}")
            return ()

    def _write(self, alarms: Sequence[AlarmReview]) -> None:
        """Put the suggestions into the stack's file, after asking."""
        overrides, notes = overrides_of(alarms)
        path = stacks_folder() / f"Pulumi.{self._config.stack}.yaml"
        change = edit(path, self._config.project, overrides, notes)
        self._screen.edit(change)
        if not change.diff:
            return
        if not self._arguments.yes and not self._screen.confirms(f"Write this into {path.name}?"):
            return
        write_atomically(path, change.after.encode())


def _pages_by_incident(evidence: Evidence) -> bool:
    return any(composite.definition.alarm_actions for composite in evidence.sources.composites)


def _hint(error: Exception) -> str:
    """What to do where AWS cannot be reached at all, or the archive's list of alarms is damaged."""
    if isinstance(error, BadFileError):
        return "; fetching writes it anew"
    if isinstance(error, NoCredentialsError | EndpointConnectionError | NoRegionError):
        return "; without an account, review the archive or files with --offline"
    return ""
