"""An export's folder: whole files, stale ones gone, nobody else's touched."""

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

import pytest

from exports.folder import MANIFEST, write_folder
from exports.monitoring import StackMonitoring
from exports.result import Export
from exports.system import ExportError, System

STACK = StackMonitoring(project="p", stack="s", region="eu-west-1")


def export(system: str = "x", monitoring: StackMonitoring = STACK, **files: str) -> Export:
    named = {name.replace("_", "/"): text for name, text in files.items()}
    return Export(system=system, monitoring=monitoring, files=named, carried=(), left_out=())


SYSTEM = System(
    name="x", title="X", summary="", description="", write=lambda monitoring, _: export()
)


def written(folder: Path, found: Export) -> list[str]:
    return write_folder(found, SYSTEM, folder)


def texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_files_are_written_with_the_page_and_the_manifest(tmp_path: Path) -> None:
    names = written(tmp_path / "new" / "one", export(a="1", b_c="é\n"))
    assert names == ["a", "b/c", "export.json", "left-out.md"]
    found = texts(tmp_path / "new" / "one")
    assert sorted(found) == names
    assert (found["a"], found["b/c"]) == ("1", "é\n")
    assert json.loads(found[MANIFEST])["files"] == ["a", "b/c"]


def test_what_is_not_exported_any_more_is_removed_and_the_rest_stays(tmp_path: Path) -> None:
    written(tmp_path, export(a="1", b="1"))
    (tmp_path / "mine.md").write_text("mine")
    written(tmp_path, export(a="2"))
    found = texts(tmp_path)
    assert sorted(found) == ["a", "export.json", "left-out.md", "mine.md"]
    assert (found["a"], found["mine.md"]) == ("2", "mine")


def test_a_file_in_the_way_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("mine")
    with pytest.raises(ExportError, match="b is there and no export of this stack wrote it"):
        written(tmp_path, export(a="1", b="1"))
    assert texts(tmp_path) == {"b": "mine"}


def test_the_same_text_is_not_in_the_way(tmp_path: Path) -> None:
    """After an export that was interrupted between its files."""
    (tmp_path / "b").write_text("1")
    written(tmp_path, export(a="1", b="1"))
    assert texts(tmp_path)["a"] == "1"


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (export(system="y"), "export of p/s for y"),
        (export(monitoring=dataclasses.replace(STACK, stack="t")), "export of p/t for x"),
    ],
)
def test_another_export_is_never_written_over(tmp_path: Path, other: Export, words: str) -> None:
    written(tmp_path, other)
    before = texts(tmp_path)
    with pytest.raises(ExportError, match=words):
        written(tmp_path, export(a="1"))
    assert texts(tmp_path) == before


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": 3}'])
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(ExportError, match="no manifest of an export"):
        written(tmp_path, export(a="1"))


def test_a_manifest_removes_nothing_outside_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    written(folder, export(a="1"))
    (tmp_path / "elsewhere").write_text("mine")
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"].append("../elsewhere")
    (folder / MANIFEST).write_text(json.dumps(manifest))
    written(folder, export(a="1"))
    assert (tmp_path / "elsewhere").read_text() == "mine"


def test_a_disk_that_is_full_leaves_the_earlier_export_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, export(a="1", b="1"))
    before = texts(tmp_path)
    write_text = Path.write_text

    def full(path: Path, text: str, **options: Any) -> int:
        if text == "22":
            raise OSError(28, os.strerror(28), str(path))
        return write_text(path, text, **options)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(ExportError, match="No space left on device"):
        written(tmp_path, export(a="2", b="22"))
    assert texts(tmp_path) == before


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(ExportError, match="out"):
        written(tmp_path / "out", export(a="1"))
