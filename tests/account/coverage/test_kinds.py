"""Every kind is looked for in the account, or the review says that it was not."""

from dataclasses import replace

import pytest

from account.coverage import resources as module
from account.coverage.resources import unread_kinds
from ecs_monitoring.rules import ECS, KINDS


def test_every_kind_is_looked_for() -> None:
    assert unread_kinds() == []


def test_a_kind_that_nobody_looks_for_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = replace(ECS, key="queue")
    monkeypatch.setattr(module, "KINDS", (*KINDS, queue))
    assert unread_kinds() == ["queue"]
