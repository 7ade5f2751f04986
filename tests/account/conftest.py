"""An emulated account for each test, and the drill, which reads everything of it."""

from tests.drill.conftest import credentials, deployment, drill, waited

__all__ = ["credentials", "deployment", "drill", "waited"]
