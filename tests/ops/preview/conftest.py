"""An emulated account for each test, and its calls."""

from tests.account.coverage.conftest import calls
from tests.account.fixtures import credentials, deployment

__all__ = ["calls", "credentials", "deployment"]
