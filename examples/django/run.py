"""Runs the shop, requests things from it, and shows what CloudWatch would see: make example.

The shop runs under gunicorn on loopback. Its metrics are lines on its standard output; they go
through the same evaluator that the sandbox uses, and the alarm on server errors must fire.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import MetricKey, definition_of
from ecs_monitoring.cloudwatch.evaluation import Series, timeline
from ecs_monitoring.rules import APP
from ecs_monitoring.rules.app import SERVER_ERRORS, AppTarget
from ecs_monitoring.rules.plan import Scope
from sandbox.emf import emf_series

_HERE: Final = Path(__file__).resolve().parent
_START_SECONDS: Final = 20
_PATHS: Final = (
    *(f"/products/{number % 5}/" for number in range(40)),
    *(["/checkout/"] * 8),
    *(["/report/"] * 3),
    *(["/broken/"] * 12),
    "/nowhere/",
)


def main() -> int:
    """Run the example; returns 0 where the alarm fired as it must."""
    console = Console(highlight=False)
    console.print(f"Serving the shop, and requesting {len(_PATHS)} times")
    lines = _served()
    series = emf_series(lines)
    console.print(_arrived(series))
    return _evaluated(console, series)


def _served() -> list[str]:
    """The standard output of gunicorn while everything was requested from it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "shop.wsgi"]
    with tempfile.TemporaryFile("w+") as output:
        server = subprocess.Popen(
            command,
            cwd=_HERE,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "shop.settings"},
            stdout=output,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(port)
            for path in _PATHS:
                _request(port, path)
        finally:
            # The last interval is published on the way out.
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)
        output.seek(0)
        return output.read().splitlines()


def _wait(port: int) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"gunicorn did not start within {_START_SECONDS} s")


def _request(port: int, path: str) -> None:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10).close()
    except urllib.error.HTTPError as error:
        error.close()


def _arrived(series: dict[MetricKey, Series]) -> Table:
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


def _evaluated(console: Console, series: dict[MetricKey, Series]) -> int:
    scope = Scope(project="example", stack="local", component=APP.key)
    plan = APP.plan(scope, "shop", AppTarget(service="shop"), {})
    (rule,) = (rule for rule in plan.rules if rule.key == SERVER_ERRORS)
    times = [found.last for found in series.values() if found.last is not None]
    start = min(times) // 60 * 60
    console.print(f"\n{rule.name}: {rule.condition}, {rule.schedule}")
    fired = False
    for evaluation in timeline(definition_of(rule), series, start, max(times) + 120):
        if evaluation.changed:
            console.print(f"  {evaluation.previous} -> {evaluation.state}: {evaluation.reason}")
        fired = fired or evaluation.state is AlarmState.ALARM
    console.print("The alarm fired." if fired else "The alarm did not fire: something is wrong.")
    return 0 if fired else 1


if __name__ == "__main__":
    sys.exit(main())
