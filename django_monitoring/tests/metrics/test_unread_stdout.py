"""Nobody reads stdout: requests go on as fast, memory is bounded, drops are counted."""

import json
import os
import subprocess
import sys

from django_monitoring import contract
from tests.metrics.emf_lines import metric_documents
from tests.metrics.keeping import samples, total
from tests.metrics.servers import PYTHONPATH

REQUESTS = 300_000


def test_300_000_requests_with_a_stdout_that_nobody_reads() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.metrics.unread_stdout", str(REQUESTS)],
        env=os.environ | {"PYTHONPATH": PYTHONPATH, "SITE_INTERVAL": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            assert process.stderr is not None
            report = json.loads(process.stderr.readline())
            # Only now is stdout read, and the process allowed to end.
            output, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    documents = metric_documents(output)
    dropped = total(documents, contract.SAMPLES_DROPPED)
    print(report, f"{dropped=}")
    assert not report["flushed"]
    assert report["growth"] <= 32 * 1024 * 1024
    assert [seconds for seconds in report["slow"] if seconds > 0.05] == []
    assert dropped > 0
    assert total(documents, contract.REQUESTS) == REQUESTS
    assert len(samples(documents, contract.RESPONSE_TIME)) == REQUESTS - dropped
