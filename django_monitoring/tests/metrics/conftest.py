"""A recorder whose records the test sees."""

from collections.abc import Iterator

import pytest

from django_monitoring.recorder import recorder
from tests.metrics.keeping import KeepingSink, config_with


@pytest.fixture
def kept() -> Iterator[KeepingSink]:
    """What is recorded while the test runs, for the service "shop"."""
    sink = KeepingSink()
    recorder.activate(config_with(lambda: sink))
    yield sink
    recorder.deactivate()
