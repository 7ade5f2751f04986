"""An emulated account for each test, and the drill, which reads everything of it."""

from tests.account.fixtures import credentials, deployment
from tests.drill.conftest import drill, waited

__all__ = ["credentials", "deployment", "drill", "waited"]
