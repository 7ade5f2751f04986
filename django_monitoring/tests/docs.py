"""The documentation's blocks, for the tests that run them as they stand."""

import re
from pathlib import Path
from typing import Final

REPOSITORY: Final = Path(__file__).parents[2]

_FILES: Final = (
    "docs/django.md",
    "docs/django-health.md",
    "docs/django-logs.md",
    "docs/django-transport.md",
    "django_monitoring/README.md",
)


def pages() -> dict[str, str]:
    """The text of each page of the Django side, by its path."""
    return {name: (REPOSITORY / name).read_text() for name in _FILES}


def block(language: str, start: str) -> str:
    """The one block that begins so; pages that show it twice show the same."""
    pattern = rf"^```{language}\n({re.escape(start)}.*?)^```"
    found = {
        str(text)
        for page in pages().values()
        for text in re.findall(pattern, page, re.DOTALL | re.MULTILINE)
    }
    assert len(found) == 1, f"{len(found)} different blocks begin with {start!r}"
    return found.pop()
