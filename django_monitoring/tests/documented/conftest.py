"""The project of the documentation, for each test its own."""

from pathlib import Path

import pytest

from tests.documented.project import Project, made


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The project of the documentation's blocks."""
    return made(tmp_path)
