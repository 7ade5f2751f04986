"""The alarms as they were deployed, read back without AWS."""

from datetime import UTC, datetime

import pytest

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.described import definition_from_described
from history.archive import Archive
from history.day import BadFileError
from tests.history.recorded import ACCOUNT, HOME, key, metric_alarm

TAKEN = datetime(2026, 3, 1, tzinfo=UTC)


def live(address: str, region: str = HOME) -> LiveAlarm:
    tags = {**AlarmAddress(address).tags, "Severity": "warning"}
    return LiveAlarm.described(metric_alarm(address, key(), region=region), tags, region)


def test_alarms_come_back(archive: Archive) -> None:
    alarm = live("ecs.cpu-high@web")
    archive.keep_alarms(ACCOUNT, HOME, [alarm], TAKEN)
    (found,) = archive.alarms()
    assert found == alarm
    # What equality leaves out: the item itself, times as times.
    assert found.raw == alarm.raw
    assert definition_from_described(found.raw) == definition_from_described(alarm.raw)


def test_a_region_that_was_not_looked_at_stays(archive: Archive) -> None:
    archive.keep_alarms(ACCOUNT, HOME, [live("ecs.cpu-high@web"), live("ecs.tasks-low@web")], TAKEN)
    outside = live("health.unhealthy@site", "us-east-1")
    archive.keep_alarms(ACCOUNT, "us-east-1", [outside], TAKEN)
    archive.keep_alarms(ACCOUNT, HOME, [live("ecs.cpu-high@web")], TAKEN)
    assert archive.alarms() == (live("ecs.cpu-high@web"), outside)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 2}', b'{"format": 1}', b"\xff"])
def test_a_damaged_file_is_told(content: bytes, archive: Archive) -> None:
    archive.keep_alarms(ACCOUNT, HOME, [], TAKEN)
    (path,) = archive.root.rglob("deployed.json")
    path.write_bytes(content)
    with pytest.raises(BadFileError, match="not a file of alarms"):
        archive.alarms()
