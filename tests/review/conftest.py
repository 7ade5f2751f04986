"""An archive with one deployed alarm."""

from datetime import UTC, datetime

import pytest

from history.archive import Archive
from history.day import ArchivedDay
from tests.history.recorded import ACCOUNT, HOME, archived, history
from tests.review.deployed import ALARM, DAY, START


@pytest.fixture
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """One alarm, and half a day of its metric."""
    found = Archive(tmp_path_factory.mktemp("archive"))
    found.keep_alarms(ACCOUNT, HOME, [ALARM], datetime(2026, 3, 1, tzinfo=UTC))
    found.add(
        ArchivedDay(
            metric=archived(),
            start=START,
            period=60,
            until=START + DAY // 2,
            asked=START + DAY // 2,
            records=history((START, 60, 41.0)),
        )
    )
    return found
