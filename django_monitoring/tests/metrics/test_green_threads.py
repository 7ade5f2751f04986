"""The emitter works where threads are eventlet's or gevent's."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.metrics.emf_lines import metric_documents
from tests.metrics.keeping import total
from tests.metrics.servers import PYTHONPATH


@pytest.mark.parametrize("library", ["eventlet", "gevent"])
def test_metrics_are_published_while_the_process_runs(library: str) -> None:
    if not find_spec(library):
        pytest.skip(f"needs {library}")
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("green.py")), library],
        env={"PYTHONPATH": PYTHONPATH},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=60,
        check=True,
    )
    lines, end = done.stdout.split(b"end\n")
    assert end == b""
    assert total(metric_documents(lines), "Requests") == 5
