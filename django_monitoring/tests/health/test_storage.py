"""The check of a file storage."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import override_settings

from django_monitoring.health.checks import CheckFailedError, CheckSettings, check_of
from django_monitoring.health.kinds import STORAGE
from django_monitoring.health.storage import DIRECTORY


def ask(directory: Path) -> None:
    """Ask a storage in a directory."""
    uploads = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(directory)},
    }
    with override_settings(STORAGES={"uploads": uploads}):
        check_of(CheckSettings("uploads", STORAGE, "uploads")).run()


def test_a_storage_that_works_is_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "invoice.pdf").write_text("paid")
    ask(tmp_path)
    ask(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["invoice.pdf"]
    assert list((tmp_path / DIRECTORY).iterdir()) == []


def test_a_storage_that_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "gone").write_text("a file where a directory should be")
    with pytest.raises((FileExistsError, NotADirectoryError)):
        ask(tmp_path / "gone")


def test_a_storage_that_gives_back_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save_nothing(self: FileSystemStorage, name: str, content: Any) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(exist_ok=True)
        path.touch()
        return name

    monkeypatch.setattr(FileSystemStorage, "_save", save_nothing)
    with pytest.raises(CheckFailedError, match="does not give back what was stored"):
        ask(tmp_path)
    # What was stored goes away in any case.
    assert list((tmp_path / DIRECTORY).iterdir()) == []
