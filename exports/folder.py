"""Writes an export into a folder: whole files only, and none of anybody else's."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from exports.report import LEFT_OUT, left_out_page
from exports.result import Export
from exports.system import ExportError, System
from exports.texts import json_text

MANIFEST: Final = "export.json"
"""What the folder holds: which files are the export's own, and what they carry over."""


def write_folder(export: Export, system: System, folder: Path) -> list[str]:
    """Write an export's files, its left-out.md and its manifest.

    Files of the same stack's earlier export that have no place in this one are removed. Whatever
    else is in the folder stays. Each file is either the old one or the new one at any moment.

    Args:
        export: what is written.
        system: whose export it is.
        folder: made where it is not there.

    Returns:
        The paths of the files that this export consists of, relative to the folder, in order.

    Raises:
        ExportError: the folder holds another export, or somebody else's file where one of these
            would be; or it cannot be written to. Nothing was changed then.
    """
    manifest = export.as_json()
    texts = {
        **export.files,
        LEFT_OUT: left_out_page(export, system.title),
        MANIFEST: json_text(manifest),
    }
    try:
        earlier = _earlier(folder, manifest)
        _refuse_foreign(folder, texts, earlier)
        _replace(folder, texts)
        for gone in sorted(earlier - set(texts)):
            (folder / gone).unlink(missing_ok=True)
    except OSError as error:
        raise ExportError(f"{error.filename or folder}: {error.strerror}") from None
    return sorted(texts)


def _earlier(folder: Path, manifest: Mapping[str, Any]) -> set[str]:
    """The files of the export that the folder holds; none where it holds none."""
    path = folder / MANIFEST
    if not path.exists():
        return set()
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        whose = [str(record[key]) for key in ("system", "project", "stack")]
        files = {str(name) for name in record["files"]}
    except (ValueError, TypeError, KeyError):
        raise ExportError(f"{path} is no manifest of an export: write another --out") from None
    mine = [manifest[key] for key in ("system", "project", "stack")]
    if whose != mine:
        raise ExportError(
            f"{folder} holds the export of {whose[1]}/{whose[2]} for {whose[0]}: write another "
            "--out, a folder for each system and stack"
        )
    # A manifest that was edited must not make this remove what is elsewhere.
    inside = folder.resolve()
    files = {name for name in files if (folder / name).resolve().is_relative_to(inside)}
    return files | {MANIFEST, LEFT_OUT}


def _refuse_foreign(folder: Path, texts: Mapping[str, str], earlier: set[str]) -> None:
    """Files in the way that are not the export's own; one with the same text is none."""
    for name, text in texts.items():
        path = folder / name
        if name in earlier or not (path.exists() or path.is_symlink()):
            continue
        if path.is_file() and path.read_bytes() == text.encode():
            continue
        raise ExportError(
            f"{path} is there and no export of this stack wrote it: write another --out, or move "
            "it away"
        )


def _replace(folder: Path, texts: Mapping[str, str]) -> None:
    """Write everything beside its place first, then put one after another into its place."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".export-") as made:
        beside = Path(made)
        for number, text in enumerate(texts.values()):
            (beside / str(number)).write_text(text, encoding="utf-8", newline="\n")
        for number, name in enumerate(texts):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            os.replace(beside / str(number), path)
