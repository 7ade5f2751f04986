"""A sink that settings can name."""

from keeping import KeepingSink

kept = KeepingSink()


def sink() -> KeepingSink:
    return kept
