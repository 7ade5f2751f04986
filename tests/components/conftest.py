"""Fixtures of the component tests: what the engine is asked, word for word."""

from typing import Any

import pytest
from pulumi.runtime.mocks import MockMonitor


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Every registration request by ``type/name``, with what a run does not record."""
    found: dict[str, Any] = {}
    register = MockMonitor.RegisterResource

    def record(monitor: MockMonitor, request: Any) -> Any:
        found[f"{request.type}/{request.name}"] = request
        return register(monitor, request)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(MockMonitor, "RegisterResource", record)
    return found
