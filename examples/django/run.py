"""Runs the shop, breaks it in four ways, and shows what CloudWatch would see: make example.

Servers and a Celery worker run on loopback. Their metrics are lines on their standard output; they
go through the same evaluator that the sandbox uses, and the alarms must fire as they should.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from running import send, started

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import MetricKey, definition_of
from ecs_monitoring.cloudwatch.evaluation import Sample, Series, timeline
from ecs_monitoring.rules import APP
from ecs_monitoring.rules.app_target import AppTarget
from ecs_monitoring.rules.plan import Scope
from sandbox.emf import emf_series

_PATHS: Final = (
    *(f"/products/{number % 5}/" for number in range(40)),
    *(["/checkout/"] * 8),
    *(["/report/"] * 3),
    *(["/broken/"] * 12),
    "/nowhere/",
)

_HANG_UPS: Final = 8
_HANG_SECONDS: Final = 9
_LAPSE: Final = 60
"""In the time lapse each second of the run is a minute."""

_GUNICORN: Final = ("gunicorn", "--bind", "127.0.0.1:{port}", "--threads", "2", "shop.wsgi")
_UVICORN: Final = ("uvicorn", "--port", "{port}", "shop.asgi:application")
_CELERY: Final = ("celery", "-A", "shop", "worker", "--pool", "solo", "--without-mingle")

_Metrics = Mapping[MetricKey, Series]


def main() -> int:
    """Run the example; returns 0 where every alarm did as it must."""
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory() as directory:
        messages = Path(directory)
        (messages / "control").mkdir()
        verdicts = [
            _errors(console, messages),
            _hanging(console, messages),
            _hang_ups(console, messages),
            _tasks(console, messages),
        ]
    return 0 if all(verdicts) else 1


def _errors(console: Console, messages: Path) -> bool:
    console.print(f"1. Serving the shop, and requesting {len(_PATHS)} times")
    with started(*_GUNICORN, messages=messages) as server:
        for path in _PATHS:
            server.request(path)
        # The last interval is published on the way out.
        series = emf_series(server.end())
    console.print(_arrived(series))
    return _fires(console, series, "app.server-errors")


def _hanging(console: Console, messages: Path) -> bool:
    console.print(f"\n2. Two requests hang on two threads, for {_HANG_SECONDS} s")
    with started(*_GUNICORN, messages=messages) as server:
        for _ in range(2):
            threading.Thread(
                target=server.request, args=("/hanging/", _HANG_SECONDS), daemon=True
            ).start()
        time.sleep(_HANG_SECONDS)
        series = _lapsed(emf_series(server.lines))
    console.print(f"Seen in a time lapse, in which each second is {_LAPSE}:")
    return all(
        [
            _fires(console, series, "app.stuck"),
            _fires(console, series, "app.threads-busy"),
        ]
    )


def _hang_ups(console: Console, messages: Path) -> bool:
    console.print(f"\n3. {_HANG_UPS} clients hang up before there is an answer")
    with started(*_UVICORN, messages=messages) as server:
        clients = [
            threading.Thread(target=server.request, args=("/slow/", 0.5)) for _ in range(_HANG_UPS)
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        server.wait_for(lambda lines: _total(emf_series(lines), "Disconnects") == _HANG_UPS)
        series = emf_series(server.end())
    console.print(f"Disconnects: {_total(series, 'Disconnects'):.0f}")
    console.print(f"StatusCode_5xx: {_total(series, 'StatusCode_5xx'):.0f}")
    is_quiet = not _fired(console, series, "app.server-errors")
    console.print("The alarm did not fire." if is_quiet else "The alarm fired: something is wrong.")
    return is_quiet and _total(series, "StatusCode_5xx") == 0


def _tasks(console: Console, messages: Path) -> bool:
    console.print("\n4. A Celery worker runs 18 tasks, of which 6 fail")
    send("from shop.celery import bill\nfor n in range(18): bill.delay(n)", messages)
    with started(*_CELERY, messages=messages) as worker:
        worker.wait_for(lambda lines: _total(emf_series(lines), "Tasks") == 18)
        series = emf_series(worker.end())
    for name in ("Tasks", "TaskFailures"):
        console.print(f"{name}: {_total(series, name):.0f}")
    return _fires(console, series, "app.task-failures")


def _lapsed(series: _Metrics) -> _Metrics:
    """Every second as a minute: times, and what is measured in seconds."""
    samples = {
        metric: list(samples_of.between(0, sys.maxsize)) for metric, samples_of in series.items()
    }
    first = min(sample.time for published in samples.values() for sample in published)
    lapsed: dict[MetricKey, Series] = {}
    for metric, published in samples.items():
        factor = _LAPSE if metric.name.endswith("Age") else 1
        lapsed[metric] = Series(
            Sample.of(first + (sample.time - first) * _LAPSE, sample.total / sample.count * factor)
            for sample in published
        )
    return lapsed


def _arrived(series: _Metrics) -> Table:
    table = Table(title="Metrics that arrived", title_justify="left", box=None)
    for heading in ("metric", "dimensions"):
        table.add_column(heading)
    for heading in ("samples", "sum"):
        table.add_column(heading, justify="right")
    for metric in sorted(series, key=lambda key: (key.name, sorted(key.dimensions))):
        samples = series[metric].between(0, sys.maxsize)
        table.add_row(
            metric.name,
            ", ".join(f"{name}={value}" for name, value in sorted(metric.dimensions)),
            f"{sum(sample.count for sample in samples):g}",
            f"{sum(sample.total for sample in samples):.4g}",
        )
    return table


def _total(series: _Metrics, name: str) -> float:
    """The sum of a metric over the whole service."""
    return sum(
        sample.total
        for metric, samples_of in series.items()
        if metric.name == name and len(metric.dimensions) == 1
        for sample in samples_of.between(0, sys.maxsize)
    )


def _fires(console: Console, series: _Metrics, key: str) -> bool:
    fired = _fired(console, series, key)
    console.print("The alarm fired." if fired else "The alarm did not fire: something is wrong.")
    return fired


def _fired(console: Console, series: _Metrics, key: str) -> bool:
    """Whether an alarm fires; each change of its state is printed."""
    scope = Scope(project="example", stack="local", component=APP.key)
    target = AppTarget(service="shop", background_tasks=True)
    (rule,) = (rule for rule in APP.plan(scope, "shop", target, {}).rules if rule.key == key)
    times = [state.last for state in series.values() if state.last is not None]
    start = min(times) // 60 * 60
    console.print(f"{rule.name}: {rule.condition}, {rule.schedule}")
    fired = False
    for evaluation in timeline(definition_of(rule), series, start, max(times) + 2 * rule.period):
        if evaluation.changed:
            console.print(f"  {evaluation.previous} -> {evaluation.state}: {evaluation.reason}")
        fired = fired or evaluation.state is AlarmState.ALARM
    return fired


if __name__ == "__main__":
    sys.exit(main())
