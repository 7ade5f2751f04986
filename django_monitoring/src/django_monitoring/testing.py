"""For an application's tests: what was recorded, to assert on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from .conf import Config
from .recorder import recorder
from .records import Record
from .tokens import safe_token

_TIMEOUT = 5.0


class CapturedMetrics:
    """What was recorded since the capture began."""

    def __init__(self) -> None:
        self._records: list[Record] = []

    def send_all(self, records: Sequence[Record], timeout: float) -> int:
        """Keep the records; see ``Sink``."""
        self._records.extend(records)
        return len(records)

    def close(self) -> None:
        """Nothing is to be closed."""

    @property
    def records(self) -> tuple[Record, ...]:
        """Everything that was recorded until now.

        Raises:
            TimeoutError: the emitter's thread did not answer.
        """
        if not recorder.flush(_TIMEOUT):
            raise TimeoutError(f"the metrics were not there within {_TIMEOUT:g} s")
        return tuple(self._records)

    def total(self, name: str, **dimensions: str) -> float:
        """The sum of a count, such as ``total("Actions", Action="checkout")``.

        Args:
            name: of a metric, or of a property of a route's line, such as ``Status_5xx``.
            dimensions: those that a record must have, each with its value.
        """
        total = 0.0
        for record in self._matching(dimensions):
            total += sum(
                metric.value
                for metric in record.metrics
                if metric.name == name and not isinstance(metric.value, tuple)
            )
            value = record.properties.get(name, 0)
            total += value if isinstance(value, int | float) else 0
        return total

    def samples(self, name: str, **dimensions: str) -> list[float]:
        """All values of a metric that has several, such as ``samples("ResponseTime")``."""
        return [
            value
            for record in self._matching(dimensions)
            for metric in record.metrics
            if metric.name == name and isinstance(metric.value, tuple)
            for value in metric.value
        ]

    def _matching(self, dimensions: dict[str, str]) -> Iterator[Record]:
        for record in self.records:
            if all(
                record.dimensions.get(name) in (value, safe_token(value))
                for name, value in dimensions.items()
            ):
                yield record


@contextmanager
def captured_metrics() -> Iterator[CapturedMetrics]:
    """Keep what is recorded inside, instead of publishing it.

    ::

        with captured_metrics() as metrics:
            client.post("/checkout/")
        assert metrics.total("Actions", Action="checkout") == 1

    An action inside a transaction counts when that commits, which the transaction of a
    ``TestCase`` never does: use ``captureOnCommitCallbacks(execute=True)`` there.
    """
    captured = CapturedMetrics()
    with recorder.replaced(
        Config(
            service="captured",
            interval=60.0,
            max_keys=10_000,
            excluded_paths=(),
            make_sink=lambda: captured,
            enabled=True,
        )
    ):
        yield captured
        # What was recorded inside is there when the block has ended.
        recorder.flush(_TIMEOUT)
