"""What to change: one entry for each thing, in the order of its weight."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from account.coverage.finding import FindingKind, Gravity
from ecs_monitoring.cloudwatch.rule import MissingData, Severity
from ecs_monitoring.words import sentence
from replay.suggestion import ThresholdVerdict
from review.model import AlarmReview, Review
from review.overrides import overrides_of
from review.report.tally import Tally, tally_now, tally_then
from review.report.wording import band, condition, expectation, hours
from review.stack_file import inline


@dataclass(frozen=True)
class Effect:
    """One number of the stretch that was reviewed, as it was and as it would have been.

    Attributes:
        name: what is counted.
        before: with the definition as it is.
        after: with the suggestion.
    """

    name: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ToDo:
    """One thing to change.

    Attributes:
        severity: how much it matters: an alarm's severity.
        what: what to do, in a few words.
        subject: what it is about.
        alarms: addresses of the alarms that it concerns, of those that are reviewed.
        before: an alarm's condition as it is; empty where it stays, or there is none.
        after: the suggested one.
        why: as sentences.
        effects: what the suggestion would have done.
        fix: what to do, where settings alone do not say it.
        settings: lines for the stack's file, indented to stand under ``config:``.
    """

    severity: str
    what: str
    subject: str
    alarms: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    why: str
    effects: tuple[Effect, ...] = ()
    fix: str = ""
    settings: str = ""

    def as_json(self) -> dict[str, Any]:
        """The entry for scripts."""
        return {
            "severity": self.severity,
            "what": self.what,
            "subject": self.subject,
            "alarms": list(self.alarms),
            "before": self.before or None,
            "after": self.after or None,
            "why": self.why,
            "fix": self.fix or None,
            "settings": self.settings or None,
        }


_FINDINGS: Final = {
    FindingKind.UNWATCHED: "Watch it",
    FindingKind.MUTED: "Let somebody be notified of it",
    FindingKind.NO_DATA: "Find its data",
    FindingKind.INSUFFICIENT_DATA: "Find its data",
    FindingKind.GONE: "Stop watching it",
    FindingKind.PARTLY_WATCHED: "Watch the rest of it",
    FindingKind.WATCHED_BY_OTHERS: "Watched elsewhere",
}
_GRAVITIES: Final = {Gravity.HIGH: Severity.CRITICAL, Gravity.MEDIUM: Severity.WARNING}
_SEVERITIES: Final = [severity.value for severity in Severity]


def to_do(review: Review) -> tuple[ToDo, ...]:
    """Everything to change, the weightiest first.

    What matters more comes first; within it what nobody would be notified of before what somebody
    is told too often, and there the alarms whose change spares most firings.
    """
    weighed = [
        *_of_coverage(review),
        *_of_alarms(review),
        *_without_data(review),
        *_unreplayed(review),
    ]
    return tuple(entry for _, entry in sorted(weighed, key=lambda pair: pair[0]))


_NO_HISTORY: Final = (
    "Their metrics have no record in this time, so nothing can be said of them. Where a metric "
    "exists only when something goes wrong, that is good news; else a wrong dimension is the usual "
    "reason."
)

_Weight = tuple[int, int, int, str]


def _of_coverage(review: Review) -> Iterator[tuple[_Weight, ToDo]]:
    reviewed = {alarm.address for alarm in review.alarms}
    for finding in review.findings:
        if not finding.is_actionable:
            continue
        severity = _GRAVITIES[finding.gravity].value
        weight = (_SEVERITIES.index(severity), 0, list(FindingKind).index(finding.kind), finding.id)
        yield (
            weight,
            ToDo(
                severity=severity,
                what=_FINDINGS[finding.kind],
                subject=finding.subject,
                alarms=tuple(address for address in finding.alarms if address in reviewed),
                why=sentence(finding.words),
                fix=sentence(finding.fix),
                settings=finding.settings,
            ),
        )


def _of_alarms(review: Review) -> Iterator[tuple[_Weight, ToDo]]:
    for alarm in review.alarms:
        rank = _rank(alarm.severity)
        if alarm.suggestion.verdict is ThresholdVerdict.CHANGE:
            spared, entry = _change(alarm, review)
            yield (rank, 1, -spared, alarm.address), entry
        elif alarm.suggestion.verdict is ThresholdVerdict.NONE_FITS:
            entry = _plain(alarm, "Watch something else")
            yield (rank, 2, -_firings(alarm), alarm.address), entry
        elif alarm.suggestion.alarms:
            yield (rank, 1, 0, alarm.address), _addition(alarm, review)


def _without_data(review: Review) -> Iterator[tuple[_Weight, ToDo]]:
    """One entry for all alarms without history of which nobody has said why that is.

    Where the account was looked at, its findings tell those that should have data from those
    whose metrics exist only when something goes wrong.
    """
    said = {address for finding in review.findings for address in finding.alarms}
    silent = [
        alarm for alarm in review.alarms if _should_have_data(alarm) and alarm.address not in said
    ]
    if not silent:
        return
    reasons = silent[0].suggestion.reasons
    why = sentence(reasons[0]) if len(silent) == 1 and reasons else _NO_HISTORY
    yield _for_all(silent, "Find the data", why, 3)


def _unreplayed(review: Review) -> Iterator[tuple[_Weight, ToDo]]:
    """One entry for all alarms that stand in the way for the same reason."""
    by_problem: dict[str, list[AlarmReview]] = {}
    for alarm in review.alarms:
        if alarm.problem:
            # The message begins with the alarm's own name where CloudWatch's description of it
            # could not be read.
            problem = alarm.problem.removeprefix(f"alarm {alarm.name}: ")
            by_problem.setdefault(problem, []).append(alarm)
    for problem, alarms in by_problem.items():
        yield _for_all(alarms, "Judge by hand", sentence(problem), 4)


def _for_all(
    alarms: Sequence[AlarmReview], what: str, why: str, order: int
) -> tuple[_Weight, ToDo]:
    """One entry for several alarms, of the weight of the gravest; ``order`` is within that."""
    gravest = min((alarm.severity for alarm in alarms), key=_rank)
    return (_rank(gravest), order, 0, why), ToDo(
        severity=gravest,
        what=what,
        subject=alarms[0].address if len(alarms) == 1 else f"{len(alarms)} alarms",
        alarms=tuple(alarm.address for alarm in alarms),
        why=why,
    )


def _should_have_data(alarm: AlarmReview) -> bool:
    if alarm.suggestion.verdict is not ThresholdVerdict.NO_DATA:
        return False
    treatment = alarm.current.definition.treat_missing_data if alarm.current else None
    return treatment is not MissingData.NOT_BREACHING


def _change(alarm: AlarmReview, review: Review) -> tuple[int, ToDo]:
    """How many firings the change spares, and the change."""
    now, then = tally_now(alarm, review), tally_then(alarm, review)
    candidate = alarm.suggested
    both = (now, then) if now and then and candidate else None
    spared = both[0].firings - both[1].firings if both else 0
    is_moved = alarm.suggestion.threshold != _threshold(alarm)
    what = "Change its threshold" if is_moved or alarm.suggestion.alarms else "Change its M of N"
    entry = _plain(alarm, what)
    return spared, replace(
        entry,
        after=condition(candidate.definition, alarm.unit) if candidate else "",
        why=f"{entry.why} {expectation(alarm.suggestion)}".strip(),
        effects=tuple(_effects(*both)) if both else (),
        settings=settings_of(alarm, review.project),
    )


def _addition(alarm: AlarmReview, review: Review) -> ToDo:
    """An alarm beside one that stays; what it would catch is the last of the reasons."""
    return replace(
        _plain(alarm, "Set an alarm on its recent past"),
        why=sentence(alarm.suggestion.reasons[-1]),
        settings=settings_of(alarm, review.project),
    )


def _effects(now: Tally, then: Tally) -> Iterator[Effect]:
    mark = "≈ " if now.is_approximate or then.is_approximate else ""
    yield Effect("firings", f"{mark}{now.firings:,}", f"{then.firings:,}")
    yield Effect("hours in ALARM", f"{mark}{hours(now.seconds)}", hours(then.seconds))
    if now.incidents:
        yield Effect(
            "incidents caught",
            f"{now.caught}",
            f"{then.caught} of {then.incidents}",
        )
    if now.noticed and then.noticed and now.noticed != then.noticed:
        yield Effect("noticed after", band(now.noticed), band(then.noticed))


def settings_of(alarm: AlarmReview, project: str) -> str:
    """The settings lines that the suggestion is, indented to stand under ``config:``."""
    overrides, _ = overrides_of([alarm])
    lines = [f"  {project}:alarms:"]
    for key, fields in overrides.items():
        lines.append(f"    {key}:")
        lines += [f"      {name}: {inline(value)}" for name, value in fields.items()]
    return "\n".join(lines) if overrides else ""


def _plain(alarm: AlarmReview, what: str) -> ToDo:
    reasons = alarm.suggestion.reasons[:1]
    return ToDo(
        severity=alarm.severity,
        what=what,
        subject=alarm.address,
        alarms=(alarm.address,),
        before=condition_now(alarm),
        why=" ".join(sentence(reason) for reason in reasons),
    )


def condition_now(alarm: AlarmReview) -> str:
    """An alarm's condition as it is, in a few words."""
    if alarm.current is None:
        return alarm.condition
    return condition(alarm.current.definition, alarm.unit)


def _threshold(alarm: AlarmReview) -> float | None:
    return alarm.current.definition.threshold if alarm.current else None


def _firings(alarm: AlarmReview) -> int:
    return len(alarm.current.outcome.firings) if alarm.current else 0


def _rank(severity: str) -> int:
    return _SEVERITIES.index(severity) if severity in _SEVERITIES else len(_SEVERITIES)
