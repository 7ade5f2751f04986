"""A sink that settings can name."""

from tests.metrics.keeping import KeepingSink

kept = KeepingSink()


def sink() -> KeepingSink:
    return kept
