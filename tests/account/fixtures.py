"""An emulated account, for the tests of whatever reads or changes one."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.account.emulated import Deployment


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """No real account is reached, whatever the machine is set up for."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


@pytest.fixture
def deployment(credentials: None) -> Iterator[Deployment]:
    """The home region of stack prod, empty."""
    with mock_aws():
        yield Deployment()
