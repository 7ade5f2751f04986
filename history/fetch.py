"""Fetches what was prepared, and puts each answer into the archive before asking on."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from account.account import AWS_ERRORS
from ecs_monitoring.words import DAY, MINUTE
from history.answers import ask
from history.archive import Archive
from history.day import ArchivedDay
from history.fetch_pasts import fetch_pasts
from history.kept import Failure, Kept
from history.plan import Request
from history.prepare import PreparedRegion
from history.retention import is_available
from history.retry import GaveUpError, Retry
from history.wanted import WantedMetric
from replay.history import MetricHistory


class Fetch:
    """Fetches for one region of a stack.

    Args:
        prepared: what to fetch.
        archive: where to put it.
        now: seconds since 1970 UTC, the time of the preparation.
        retry: how patient to be.
        clock: seconds since 1970 UTC at this moment.
    """

    def __init__(
        self,
        prepared: PreparedRegion,
        archive: Archive,
        *,
        now: int,
        retry: Retry,
        clock: Callable[[], float],
    ) -> None:
        self._prepared = prepared
        self._archive = archive
        self._now = now
        self._retry = retry
        self._clock = clock

    def alarms(self) -> None:
        """Keep how the alarms are deployed.

        Raises:
            OSError: the archive cannot be written.
        """
        region = self._prepared.region
        taken = datetime.fromtimestamp(self._now, UTC)
        self._archive.keep_alarms(region.caller.account, region.name, self._prepared.alarms, taken)

    def pasts(self) -> Iterator[Kept]:
        """Fetch the alarms' changes of state, a request a step.

        Raises:
            OSError: the archive cannot be written.
        """
        prepared = self._prepared
        return fetch_pasts(prepared.region, prepared.alarms, self._archive, self._retry)

    def metrics(self) -> Iterator[Kept]:
        """Fetch the metrics, a call a step.

        Raises:
            OSError: the archive cannot be written.
        """
        calls = self._prepared.calls
        for index, call in enumerate(calls):
            if not is_available(call.period, call.start, int(self._clock())):
                reason = (
                    f"CloudWatch has forgotten its {call.period} s datapoints meanwhile: run the "
                    "command again for what is left of them"
                )
                yield Kept(failures=(_failure(call.metrics, reason),))
                continue
            try:
                answer = ask(self._prepared.region.cloudwatch, call, self._retry)
            except GaveUpError as error:
                left = dict.fromkeys(metric for later in calls[index:] for metric in later.metrics)
                yield Kept(failures=(_failure(tuple(left), str(error)),))
                return
            except AWS_ERRORS as error:
                yield Kept(failures=(_failure(call.metrics, str(error)),))
                continue
            days = sum(self._keep(call, metric, of) for metric, of in answer.records.items())
            yield Kept(
                days=days,
                answered={metric: len(of) for metric, of in answer.records.items()},
                failures=tuple(_failure((metric,), why) for metric, why in answer.failures.items()),
            )

    def _keep(self, call: Request, metric: WantedMetric, records: MetricHistory) -> int:
        """Put a metric's records into its days; returns how many were written."""
        written = 0
        for start in call.days:
            part = records.between(start, start + DAY)
            if call.period < MINUTE:
                written += self._archive.refine(metric.metric, start, part)
                continue
            self._archive.add(
                ArchivedDay(
                    metric=metric.metric,
                    start=start,
                    period=call.period,
                    until=min(start + DAY, call.end),
                    asked=self._now,
                    records=part,
                )
            )
            written += 1
        return written


def _failure(metrics: tuple[WantedMetric, ...], reason: str) -> Failure:
    return Failure(what=", ".join(metric.metric.words for metric in metrics), reason=reason)
