"""Fixtures: a copy of the project."""

import shutil
from pathlib import Path

import pytest

from stack.config import PROJECT
from tools.copies import copied


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What the program and its preview are made of, as a copy to change."""
    packages = (
        *("components", "settings", "stack", "account", "history", "replay"),
        *("review", "drill", "exports", "ops"),
    )
    for name in packages:
        copied(PROJECT / name, tmp_path / name)
    copied(PROJECT / "examples/stacks", tmp_path / "examples/stacks")
    shutil.copy(PROJECT / "examples/stacks/Pulumi.prod.yaml", tmp_path)
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(PROJECT / name, tmp_path)
    return tmp_path
