"""The command as it is typed, and an archive of its own for each test."""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from history.archive import Archive
from history.retry import Retry
from ops.history import command, fetching, firings, showing
from tests.history.recorded import HOME, NOW, PATIENT, RecordedAccount, RecordedCloudWatch


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@dataclass
class Ran:
    """What a run of the command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


Run = Callable[..., Ran]


@pytest.fixture
def run(archive: Archive, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``history fetch prod …`` and the like, on the test's archive unless told otherwise."""

    def run(
        what: str,
        *words: str,
        cloudwatch: RecordedCloudWatch | None = None,
        opened: Any = None,
        now: float = NOW,
        clock: Callable[[], float] | None = None,
        retry: Retry = PATIENT,
    ) -> Ran:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        place = [] if "--archive" in words else ["--archive", str(archive.root)]
        arguments = parser.parse_args([what, "prod", *place, *words])
        if what == "fetch":
            account = RecordedAccount({HOME: cloudwatch or RecordedCloudWatch()})
            code = fetching.run(
                arguments,
                opened=opened or (lambda _profile, _url: account),
                clock=clock or (lambda: now),
                retry=retry,
            )
        else:
            code = {"show": showing.run, "firings": firings.run}[what](arguments)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run
