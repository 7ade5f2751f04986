"""The review for scripts."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from replay.suggestion import ThresholdVerdict
from review.as_json import review_json
from tests.review import reviews, values
from tests.review.reviews import review
from tests.review.values import NASTY


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """The rich review, through JSON's own writer and back."""
    written = json.dumps(review_json(reviews.rich_review()), allow_nan=False)
    read: dict[str, Any] = json.loads(written)
    return read


def alarm(found: dict[str, Any], address: str) -> dict[str, Any]:
    return next(one for one in found["alarms"] if one["address"] == address)


def test_the_review_itself(found: dict[str, Any]) -> None:
    assert found["project"] == "project"
    assert found["account"] == "123456789012"
    assert found["zone"] == "Asia/Tokyo"
    # Midnight in Tokyo is 15:00 of the day before in UTC.
    assert (found["start"], found["end"]) == ("2026-06-30T15:00:00Z", "2026-09-28T15:00:00Z")
    assert found["made"] == "2026-09-29T01:30:00Z"
    assert found["pages_per_month"] == 2.0
    assert found["notes"][0].endswith(NASTY)


def test_every_key_is_documented(found: dict[str, Any]) -> None:
    documented = review_json.__doc__ or ""
    outcome = alarm(found, "ecs.cpu-high@web")["current"]["outcome"]
    totals = found["totals"]
    for keys in (
        found,
        totals,
        totals["pages"],
        found["to_change"][0],
        found["alarms"][0],
        outcome,
    ):
        for key in keys:
            assert f"``{key}``" in documented, key
    for key in found["alarms"][0]["suggestion"]:
        assert f"``{key}``" in documented, key


def test_what_to_change(found: dict[str, Any]) -> None:
    first, second = found["to_change"][:2]
    assert (first["severity"], first["what"]) == ("critical", "Watch it")
    assert first["settings"].startswith("  project:ecs:")
    assert (first["alarms"], first["before"]) == ([], None)
    assert second["alarms"] == ["alb.latency-p99@main/web"]
    assert (second["before"], second["after"]) == (
        "≥ 2 s, 3 of 3 × 1 min",
        "≥ 3.5 s, 3 of 3 × 1 min",
    )


def test_the_stack_as_a_whole(found: dict[str, Any]) -> None:
    totals = found["totals"]
    assert (totals["now"]["firings"], totals["suggested"]["firings"]) == (46, 2)
    assert totals["now"]["longest_silence"] is None
    assert totals["pages_by_hour"]["critical"][12] == 40
    assert (totals["pages"]["now"], totals["pages"]["suggested"]) == (40, 0)
    assert totals["pages"]["expected_per_month"] == 0
    assert totals["pages"]["unjudged"] == ["alb.latency-p99@main/web"]
    assert (totals["incidents"], totals["caught"], totals["caught_suggested"]) == (2, 2, 2)
    assert totals["not_replayed"] == ["alb.anomaly@main"]


def test_an_alarm_with_everything(found: dict[str, Any]) -> None:
    one = alarm(found, "ecs.cpu-high@web")
    assert one["unit"] == "%"
    definition = one["current"]["definition"]
    assert (definition["threshold"], definition["comparison"]) == (
        80.0,
        "GreaterThanOrEqualToThreshold",
    )
    assert definition["queries"] == [
        {
            "id": "m1",
            "namespace": "AWS/Test",
            "metric": "CPUUtilization",
            "dimensions": {},
            "statistic": "Average",
        }
    ]
    outcome = one["current"]["outcome"]
    assert (outcome["firings"], outcome["seconds_in_alarm"], outcome["caught"]) == (6, 14_400, 2)
    assert outcome["changes"][:2] == [
        {"time": "2026-07-05T17:00:00Z", "from": "OK", "to": "ALARM"},
        {"time": "2026-07-05T17:30:00Z", "from": "ALARM", "to": "OK"},
    ]
    assert [candidate["label"] for candidate in one["candidates"]] == [
        "--set ecs.cpu-high.threshold=85",
        "suggested",
    ]
    assert one["happened"]["firings"] == 3
    assert one["data"]["records_by_resolution"] == {"60": 129_600}
    assert one["incidents"][0]["note"] == "the queue ran over"
    assert one["curves"][0]["firings"] == [5000, 60, 6, 4, 2, 0]
    assert one["trace"]["high"][240] is None
    assert len(one["trace"]["times"]) == 720


def test_a_suggestion_with_its_evidence(found: dict[str, Any]) -> None:
    suggestion = alarm(found, "ecs.cpu-high@web")["suggestion"]
    assert (suggestion["verdict"], suggestion["threshold"]) == ("change", 92.0)
    assert suggestion["most_pages_per_month"] == 2.37
    # An infinite margin is no JSON.
    assert [option["margin"] for option in suggestion["options"]] == [3.25, None]
    validation = suggestion["validation"]
    assert validation["thresholds"][0] == {"time": "2026-07-14T15:00:00Z", "threshold": None}
    assert (validation["true_firings"], validation["caught"]) == (1, 1)


def test_what_is_not_there_is_null(found: dict[str, Any]) -> None:
    one = alarm(found, "alb.anomaly@main")
    assert one["problem"] == "anomaly detection: only fixed thresholds can be evaluated"
    assert (one["current"], one["happened"], one["trace"]) == (None, None, None)
    assert (one["data"]["first"], one["candidates"], one["curves"]) == (None, [], [])
    assert alarm(found, "ecs.cpu-high@web")["problem"] is None


def test_the_coverage_is_there_as_it_is(found: dict[str, Any]) -> None:
    assert found["coverage"] == json.loads(json.dumps(reviews.COVERAGE.as_json()))
    assert review_json(review(account=""))["coverage"] is None
    assert review_json(review(account=""))["account"] is None


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_json_does_not_have_are_null(odd: float) -> None:
    made = reviews.storage()
    curve = replace(made.curves[0], hours=(odd, 1.0, 2.0))
    kept = replace(values.keeps(reviews.STORAGE, ThresholdVerdict.KEEP), most_pages_per_month=odd)
    written = review_json(review(replace(made, curves=(curve,), suggestion=kept)))
    (one,) = json.loads(json.dumps(written, allow_nan=False))["alarms"]
    assert one["curves"][0]["hours"] == [None, 1.0, 2.0]
    assert one["suggestion"]["most_pages_per_month"] is None


def test_times_can_be_read_back(found: dict[str, Any]) -> None:
    for change in alarm(found, "ecs.cpu-high@web")["current"]["outcome"]["changes"]:
        assert datetime.fromisoformat(change["time"]).tzinfo is not None


def test_expressions_are_queries_too() -> None:
    made = reviews.storage()
    assert made.current is not None
    query = reviews.STORAGE.queries[0]
    changed = replace(
        made.current.definition, queries=(query, replace(query, id="e1", source="m1 * 2"))
    )
    written = review_json(review(replace(made, current=replace(made.current, definition=changed))))
    assert written["alarms"][0]["current"]["definition"]["queries"][1] == {
        "id": "e1",
        "expression": "m1 * 2",
    }
