"""The latest lines of a log group, from the streams that had events last."""

from typing import Any

from account.account import Attempts
from account.coverage.logs_reader import read_latest_lines
from tests.account.coverage.values import HOME
from tests.account.recorded import ACCESS, Recorded, refused


def event(time: int, message: str) -> dict[str, Any]:
    return {"timestamp": time, "message": message}


def test_the_latest_lines_of_the_latest_streams() -> None:
    streams = {"a": [event(1, "first"), event(4, "fourth")], "b": [event(3, "x"), event(2, "y")]}

    def events(**request: Any) -> dict[str, Any]:
        return {"events": streams[request["logStreamName"]]}

    logs = Recorded(
        describe_log_streams={"logStreams": [{"logStreamName": name} for name in streams]},
        get_log_events=events,
    )
    lines = read_latest_lines(logs, "/ecs/web", Attempts(HOME))
    assert lines == ("first", "y", "x", "fourth")
    of_stream = {"logGroupName": "/ecs/web", "limit": 200, "startFromHead": False}
    assert logs.asked == [
        (
            "describe_log_streams",
            {
                "logGroupName": "/ecs/web",
                "orderBy": "LastEventTime",
                "descending": True,
                "limit": 5,
            },
        ),
        ("get_log_events", {**of_stream, "logStreamName": "a"}),
        ("get_log_events", {**of_stream, "logStreamName": "b"}),
    ]


def test_of_many_lines_the_last_two_hundred() -> None:
    logs = Recorded(
        describe_log_streams={"logStreams": [{"logStreamName": "a"}]},
        # Those of one moment stay in their order, whatever they say.
        get_log_events={"events": [event(7, f"z{999 - number}") for number in range(201)]},
    )
    lines = read_latest_lines(logs, "/ecs/web", Attempts(HOME))
    assert lines == tuple(f"z{999 - number}" for number in range(1, 201))


def test_lines_that_are_refused() -> None:
    attempts = Attempts(HOME)
    assert read_latest_lines(Recorded(describe_log_streams=refused()), "/e", attempts) is None
    assert attempts.notes == [
        f"{HOME}: the latest lines of log group /e could not be looked at: {ACCESS}"
    ]
