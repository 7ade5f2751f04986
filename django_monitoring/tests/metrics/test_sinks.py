"""Stdout as a sink: whole lines, no waiting, no writing into what is not stdout."""

import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from django_monitoring import contract
from django_monitoring.emf import encode_line
from django_monitoring.records import MetricDatum, Record
from django_monitoring.sinks import StdoutSink
from tests.metrics.emf_lines import metric_documents
from tests.metrics.servers import PYTHONPATH


def record(route: str = "a/", values: int = 100) -> Record:
    return Record(
        timestamp=1_700_000_000_000,
        dimensions={"Service": "shop", "Method": "GET", "Route": route},
        dimension_sets=(contract.BY_SERVICE, contract.BY_ROUTE),
        metrics=(MetricDatum(contract.RESPONSE_TIME, contract.SECONDS, (0.1234,) * values),),
        measurements=values,
    )


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    yield reading, writing
    for descriptor in (reading, writing):
        try:
            os.close(descriptor)
        except OSError:
            continue


def test_a_record_is_one_line(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    assert StdoutSink(writing).send(record(), timeout=1)
    assert os.read(reading, 65536) == encode_line(record())


def test_a_full_pipe_is_not_waited_for_longer_than_said(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    sink = StdoutSink(writing)
    sent = 0
    while sink.send(record(), timeout=0):
        sent += 1
    assert sent > 10
    started = time.monotonic()
    assert not sink.send(record(), timeout=0.2)
    assert 0.15 < time.monotonic() - started < 10
    os.read(reading, 65536)
    assert sink.send(record(), timeout=0)


def test_a_pipe_without_reader_loses_the_record(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    os.close(reading)
    with pytest.raises(BrokenPipeError):
        StdoutSink(writing).send(record(), timeout=0)


def test_a_pipe_that_does_not_block_is_tried_again_later(pipe: tuple[int, int]) -> None:
    _, writing = pipe
    os.set_blocking(writing, False)
    sink = StdoutSink(writing)
    sent = 0
    while sink.send(record(), timeout=0):
        sent += 1
    assert sent > 10


def test_the_number_stays_ours_when_stdout_is_closed(pipe: tuple[int, int], tmp_path: Path) -> None:
    reading, writing = pipe
    sink = StdoutSink(writing)
    os.close(writing)
    other = os.open(tmp_path / "other", os.O_RDWR | os.O_CREAT)
    assert other == writing
    assert sink.send(record(), timeout=1)
    os.close(other)
    assert os.read(reading, 65536) == encode_line(record())
    assert (tmp_path / "other").read_bytes() == b""


def test_a_file_is_written_to_where_eventlet_cannot_wait_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def select_of_eventlet(*_: object) -> None:
        # It is made of epoll(), which takes no file: https://man7.org/linux/man-pages/man2/epoll_ctl.2.html
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.delattr("select.poll")
    monkeypatch.setattr("select.select", select_of_eventlet)
    output = os.open(tmp_path / "output", os.O_RDWR | os.O_CREAT)
    assert StdoutSink(output).send(record(), timeout=1)
    os.close(output)
    assert (tmp_path / "output").read_bytes() == encode_line(record())


def test_a_process_without_stdout_writes_nowhere(tmp_path: Path) -> None:
    # Whatever the process opens first has stdout's number then.
    program = textwrap.dedent(
        f"""
        import os, sys
        victim = os.open({str(tmp_path / "victim")!r}, os.O_RDWR | os.O_CREAT)
        from django_monitoring.sinks import StdoutSink
        try:
            StdoutSink()
        except OSError as failure:
            print(victim, failure, file=sys.stderr)
        """
    )
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$0" -c "$1" >&-', sys.executable, program],
        env={"PYTHONPATH": PYTHONPATH},
        stderr=subprocess.PIPE,
        check=True,
        timeout=60,
    )
    assert done.stderr == b"1 stdout was closed\n"
    assert (tmp_path / "victim").read_bytes() == b""


WRITER = """
import sys
from django_monitoring import contract
from django_monitoring.records import MetricDatum, Record
from django_monitoring.sinks import StdoutSink

sink = StdoutSink()
for number in range(3000):
    metrics = (
        MetricDatum(contract.REQUESTS, contract.COUNT, 1),
        MetricDatum(contract.RESPONSE_TIME, contract.SECONDS, (0.1234,) * (1 + number % 100)),
    )
    route = sys.argv[1] * (1 + number % 190)
    while not sink.send(
        Record(
            number,
            {"Service": "shop", "Method": "GET", "Route": route},
            (contract.BY_SERVICE, contract.BY_ROUTE),
            metrics,
            1,
        ),
        timeout=5,
    ):
        pass
"""


def test_lines_of_four_processes_in_one_pipe_stay_whole(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, name],
            stdout=writing,
            env={"PYTHONPATH": PYTHONPATH},
        )
        for name in "abcd"
    ]
    os.close(writing)
    parts: list[bytes] = []

    def read() -> None:
        while part := os.read(reading, 1 << 16):
            parts.append(part)

    reader = threading.Thread(target=read)
    reader.start()
    for writer in writers:
        assert writer.wait(240) == 0
    reader.join(60)
    output = b"".join(parts)
    documents = metric_documents(output)
    assert output.count(b"\n") == len(documents) == 12_000
    for name in "abcd":
        mine = [document for document in documents if document["Route"][0] == name]
        assert [document["_aws"]["Timestamp"] for document in mine] == list(range(3000))
