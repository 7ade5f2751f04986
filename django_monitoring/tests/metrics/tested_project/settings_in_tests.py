"""The same, where the project wants its tests to publish."""

from tested_project.settings import *  # noqa: F403
from tested_project.settings import DJANGO_MONITORING as QUIET

DJANGO_MONITORING = {**QUIET, "IN_TESTS": True}
