"""The program is run once for each config, and whoever asks again gets the same answer.

Many tests ask for the same few configs, themselves or by a command. None may change what it got.
"""

from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any

import pytest

from stack import program as whole
from stack.config import StackConfig
from stack.placeholder_aws import PlaceholderAws
from stack.program import ProgramRun

run_anew = whole.run_program
"""The program's own; ``tests/conftest.py`` puts what remembers in its place."""


@dataclass(frozen=True)
class _Asked:
    config: StackConfig = field(compare=False)
    shown: str
    preview: bool
    place: Any


@lru_cache(maxsize=16)
def _answer(asked: _Asked) -> ProgramRun:
    aws = PlaceholderAws(asked.place.region, account=asked.place.account)
    return run_anew(asked.config, preview=asked.preview, mocks=aws)


_patching: set[str] = set()


def begin(test: pytest.Item) -> None:
    """From here on a test runs; one that patches something gets runs of its own."""
    _patching.clear()
    if "monkeypatch" in getattr(test, "fixturenames", ()):
        _patching.add(test.nodeid)


@wraps(run_anew)
def run_program(
    config: StackConfig,
    *,
    preview: bool = False,
    mocks: Any = None,
    **own: Any,
) -> ProgramRun:
    aws = mocks or PlaceholderAws(config.region)
    is_own = type(aws) is not PlaceholderAws or any(value is not None for value in own.values())
    if _patching or is_own:
        return run_anew(config, preview=preview, mocks=mocks, **own)
    return _answer(_Asked(config, repr(config), preview, aws._default))
