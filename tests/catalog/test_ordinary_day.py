"""The day on which nothing happens, of which each scenario of the sandbox is a disturbance.

What the scenarios expect is measured on this day. So it is written twice: nobody changes it without
meaning to.
"""

from collections.abc import Mapping
from typing import Final

import pytest

from ecs_monitoring.catalog.metrics import SHEETS, Usual
from ecs_monitoring.catalog.metrics.logs import MATCHING_EVENTS

# Of three thousand requests a minute in the afternoon, 2,900 succeed and 90 are the client's
# faults; the rest is redirected.
_REQUESTS: Final = Usual(3000, None, 100, 0.8)
_SUCCESSES: Final = Usual(2900, None, 100, 0.8)
_CLIENT_FAULTS: Final = Usual(90, None, 10, 0.8)
_NOTHING: Final = Usual(0)
_BALANCE: Final = Usual(99, None, 0.3)

# Level, distance from the deployed threshold, noise, share that the night takes, samples a minute,
# spread among them.
DAY: Final[Mapping[str, Mapping[str, Usual]]] = {
    "AWS/ApplicationELB": {
        "RequestCount": _REQUESTS,
        "HTTPCode_Target_2XX_Count": _SUCCESSES,
        "HTTPCode_Target_4XX_Count": _CLIENT_FAULTS,
        "HTTPCode_Target_5XX_Count": _NOTHING,
        "HTTPCode_ELB_5XX_Count": _NOTHING,
        "RejectedConnectionCount": _NOTHING,
        "TargetResponseTime": Usual(0.12, None, 0.01, 0, 2000, 0.04),
        "HealthyHostCount": Usual(10),
        "UnHealthyHostCount": _NOTHING,
    },
    "AWS/ECS": {
        "CPUUtilization": Usual(40, None, 3, 0, 10, 3),
        "MemoryUtilization": Usual(60, None, 1, 0, 10, 1),
    },
    "ECS/ContainerInsights": {"DesiredTaskCount": Usual(10), "RunningTaskCount": Usual(10)},
    "AWS/RDS": {
        "DatabaseConnections": Usual(40, 3, 3),
        "CPUUtilization": Usual(25, None, 4),
        # 700 MiB.
        "FreeableMemory": Usual(734_003_200, 3, 10_000_000),
        # 60 and 25 GiB.
        "FreeStorageSpace": Usual(64_424_509_440, 6, 20_000_000),
        "FreeLocalStorage": Usual(26_843_545_600, 6, 20_000_000),
        "ACUUtilization": Usual(40, None, 4),
        "BurstBalance": _BALANCE,
        "EBSIOBalance%": _BALANCE,
        "EBSByteBalance%": _BALANCE,
        "ReadIOPS": Usual(150, None, 30),
        "WriteIOPS": Usual(250, None, 40),
        # 4 and 6 MiB a second, give or take one.
        "ReadThroughput": Usual(4_194_304, None, 1_048_576),
        "WriteThroughput": Usual(6_291_456, None, 1_048_576),
        "ReadLatency": Usual(0.002, None, 0.0005),
        "WriteLatency": Usual(0.003, None, 0.0005),
        # All that a db.t4g.micro can have: 12 credits an hour for a day.
        "CPUCreditBalance": Usual(288, 14, 2),
        "DBLoad": Usual(0.4, 5, 0.1),
        "MaximumUsedTransactionIDs": Usual(200_000_000, None, 1000),
        "ReplicaLag": Usual(0.5, None, 0.1),
        "AuroraReplicaLag": Usual(20, None, 3),
    },
    "AWS/Route53": {"HealthCheckStatus": Usual(1)},
    "AWS/SNS": {"NumberOfNotificationsFailed": _NOTHING},
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible": _NOTHING},
    "AWS/Events": {"FailedInvocations": _NOTHING},
    "Django/API": {
        "StatusCode_2xx": _SUCCESSES,
        "StatusCode_3xx": Usual(10),
        "StatusCode_4xx": _CLIENT_FAULTS,
        "StatusCode_5xx": _NOTHING,
        # Twenty milliseconds less than the load balancer sees.
        "ResponseTime": Usual(0.1, None, 0.01, 0, 2000, 0.04),
        # Nine of ten look-ups hit.
        "CacheHits": Usual(900, None, 20, 0.8),
        "CacheMisses": Usual(100, None, 5, 0.8),
        "Requests": _REQUESTS,
        "Actions": _NOTHING,
        "Failures": _NOTHING,
        "Disconnects": Usual(5, None, 2, 0.8),
        "StreamsBroken": _NOTHING,
        "SamplesDropped": _NOTHING,
        "RequestsInProgress": Usual(2, None, 0.5, 0, 10),
        "OldestRequestAge": Usual(0.5, None, 0.1, 0, 10, 0.2),
        "ThreadsBusy": Usual(30, None, 3, 0, 10, 3),
        "Tasks": Usual(200, None, 10, 0.5),
        "TaskFailures": _NOTHING,
        "TaskRetries": _NOTHING,
        "TaskTime": Usual(1, None, 0.1, 0, 200, 0.4),
        "TaskWait": Usual(0.5, None, 0.1, 0, 200, 0.2),
        "TasksInProgress": Usual(2, None, 0.5, 0, 4),
        "OldestTaskAge": Usual(5, None, 1, 0, 4, 1),
        "QueueLength": Usual(3, None, 1, 0, 2),
        "QueueAge": Usual(1, None, 0.3, 0, 2),
    },
}


@pytest.mark.parametrize("namespace", DAY)
def test_an_ordinary_day(namespace: str) -> None:
    usual = {name: sheet.usual for (of, name), sheet in SHEETS.items() if of == namespace}
    assert usual == DAY[namespace]


def test_every_namespace_has_its_day() -> None:
    assert {namespace for namespace, _ in SHEETS} == set(DAY)


def test_on_an_ordinary_day_no_line_matches_a_pattern() -> None:
    assert MATCHING_EVENTS.usual == _NOTHING
