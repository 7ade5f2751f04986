"""The stream to New Relic: off unless configured, its key a secret, each mistake told."""

import json
from typing import Any

import pytest

from stack.config import StackConfig, read_stack_config
from stack.program import ProgramRun, run_program
from tests.components.registered import ALARM, only
from tests.settings.refusal import (
    ANY,
    NOTHING,
    SECRET,
    Mistake,
    mistakes,
    problem_at,
    refused,
    refused_config,
    with_secret,
)

STREAM = "aws:cloudwatch/metricStream:MetricStream"
FIREHOSE = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
KEY = "0123456789abcdef0123456789abcdef0123NRAL"
EU_KEY = "eu01xx66c637a29c3982469a3fe8d1982d002c4a"
SITE = "health.site.url=https://www.example.com/"


def account(**changes: Any) -> str:
    return f"new_relic={json.dumps({'datacenter': 'us', 'license_key': KEY, **changes})}"


def secret(*changes: str) -> StackConfig:
    return with_secret(read_stack_config("prod", settings=changes), "new_relic")


def streaming(*changes: str) -> ProgramRun:
    return run_program(secret(account(), *changes))


def read_by_alarms(run: ProgramRun, region: str | None = None) -> set[tuple[str, str]]:
    """Namespace and name of every metric that an alarm of a region reads."""
    return {
        (metric["namespace"], metric["metricName"])
        for alarm in run.of_type(ALARM)
        if alarm.inputs.get("region") == region
        for metric in [q["metric"] for q in alarm.inputs.get("metricQueries", []) if "metric" in q]
        or [alarm.inputs]
    }


def sent(stream: Any) -> set[tuple[str, str]]:
    return {
        (one["namespace"], name)
        for one in stream.inputs["includeFilters"]
        for name in one["metricNames"]
    }


@pytest.mark.slow
@pytest.mark.parametrize("off", [(), ("new_relic={}",), ("new_relic=null",)])
def test_off_unless_configured(off: tuple[str, ...]) -> None:
    run = run_program(read_stack_config("prod", settings=off))
    assert [r for r in run.registrations if "new-relic" in r.name] == []
    assert {"new_relic_streams", "failed_records"} & set(run.exports) == set()


@pytest.mark.slow
def test_exactly_what_the_alarms_read_is_streamed() -> None:
    run = streaming()
    stream = only(run.of_type(STREAM))
    assert sent(stream) == read_by_alarms(run)
    percentiles = {
        (metric["metricName"], statistic)
        for one in stream.inputs["statisticsConfigurations"]
        for metric in one["includeMetrics"]
        for statistic in one["additionalStatistics"]
    }
    assert percentiles == {
        ("TargetResponseTime", "p99"),
        ("ReadLatency", "p90"),
        ("WriteLatency", "p90"),
        ("ResponseTime", "p95"),
    }
    assert run.exports["new_relic_streams"] == {"new-relic": stream.arn}
    assert set(run.exports["failed_records"]) == {"new-relic"}


@pytest.mark.slow
def test_an_alarm_left_out_takes_its_metric_out_of_the_stream() -> None:
    off = "alarms.ecs.memory-high={enabled: false}"
    whole, less = (only(streaming(*more).of_type(STREAM)) for more in ((), (off,)))
    assert sent(whole) - sent(less) == {("AWS/ECS", "MemoryUtilization")}


@pytest.mark.slow
def test_outside_checks_have_a_stream_where_their_metrics_are() -> None:
    run = streaming(SITE)
    streams = {one.inputs.get("region"): one for one in run.of_type(STREAM)}
    assert sent(streams["us-east-1"]) == read_by_alarms(run, "us-east-1")
    assert sent(streams[None]) == read_by_alarms(run)
    assert set(run.exports["new_relic_streams"]) == {"new-relic", "new-relic-outside"}


@pytest.mark.slow
def test_a_stack_at_home_there_has_one_stream_for_both() -> None:
    run = streaming(SITE, "aws:region=us-east-1")
    stream = only(run.of_type(STREAM))
    assert sent(stream) == read_by_alarms(run) | read_by_alarms(run, "us-east-1")


def test_without_an_alarm_nothing_is_streamed_and_that_is_told() -> None:
    nothing = [f"{kind}={{}}" for kind in ("ecs", "alb", "rds", "logs", "app")]
    run = streaming(*nothing, "review={}", "alarms={}")
    assert run.of_type(STREAM) == run.of_type(FIREHOSE) == []
    assert [w for w in run.warnings if "new_relic streams nothing" in w]


@pytest.mark.slow
def test_the_key_is_nowhere_but_in_firehose() -> None:
    run = streaming()
    firehose = only(run.of_type(FIREHOSE))
    assert firehose.inputs["httpEndpointConfiguration"]["accessKey"] == KEY
    assert firehose.secret_inputs == {"httpEndpointConfiguration"}
    elsewhere = [dict(one.inputs) for one in run.registrations if one is not firehose]
    assert KEY not in json.dumps([elsewhere, dict(run.exports), run.warnings], default=str)
    assert KEY not in json.dumps([one.urn for one in run.registrations])


def test_a_key_in_plain_text_is_refused_with_the_command() -> None:
    Mistake(
        account(),
        "new_relic.license_key",
        SECRET,
        "stands in plain text: write it with pulumi config set --secret --path "
        "'django-ecs-monitoring:new_relic.license_key'",
    ).check()


@mistakes(
    {
        "no key": Mistake(
            "new_relic={datacenter: us}",
            "new_relic.license_key",
            NOTHING,
            "is missing: write license_key: <value>",
        ),
        "no data center": Mistake(
            f"new_relic={{license_key: {KEY}}}",
            "new_relic.datacenter",
            NOTHING,
            "is missing: write datacenter: <value>",
        ),
        "another data center": Mistake(
            account(datacenter="asia"), "new_relic.datacenter", "asia", "write one of: 'us' or 'eu'"
        ),
        "a key that is no text": Mistake(
            account(license_key=40), "new_relic.license_key", SECRET, "write a text"
        ),
        "another field": Mistake(
            account(account_id=1), "new_relic.account_id", ANY, 'unknown key "account_id"'
        ),
        "a misspelt field": Mistake(
            f"new_relic={{datacenter: us, licence_key: {KEY}}}",
            "new_relic.licence_key",
            SECRET,
            'did you mean "license_key"',
        ),
        "the key alone": Mistake(
            f"new_relic={KEY}", "new_relic", SECRET, "write a mapping of keys to values"
        ),
    }
)
def test_mistakes(mistake: Mistake) -> None:
    mistake.check()


@pytest.mark.parametrize(
    ("changes", "path", "fix"),
    [
        ({"license_key": "NRAK-0123456789ABCDEF"}, "new_relic.license_key", "is a user key"),
        ({"license_key": "NRII-0123456789ABCDEF"}, "new_relic.license_key", "insert key"),
        ({"license_key": ""}, "new_relic.license_key", "write its 40 characters"),
        ({"license_key": f" {KEY}"}, "new_relic.license_key", "without blanks"),
        ({"license_key": EU_KEY}, "new_relic", "write datacenter: eu, or a key of the US"),
        ({"datacenter": "eu"}, "new_relic", "write datacenter: us, or a key of the EU"),
    ],
)
def test_a_key_that_new_relic_would_not_take_is_refused_and_never_shown(
    changes: dict[str, str], path: str, fix: str
) -> None:
    error = refused_config(secret(account(**changes)))
    problem = problem_at(error, path)
    assert fix in problem.fix
    assert problem.value == "[secret]"
    for shown in (KEY, EU_KEY, "NRAK-", "NRII-"):
        assert shown not in str(error)


@pytest.mark.parametrize(
    "change",
    [
        f"new_relic={KEY}",
        f"new_relic=[{KEY}]",
        f"new_relic={{key: {KEY}}}",
        f"new_relic={{datacenter: us, license_key: [{KEY}]}}",
        f"newrelic={{license_key: {KEY}}}",
    ],
)
def test_a_key_in_the_wrong_place_is_not_shown(change: str) -> None:
    assert KEY not in str(refused(change))


@pytest.mark.slow
def test_a_key_that_only_its_owner_can_open_is_stood_in_for() -> None:
    """In a preview of a stack file, whose secrets are encrypted."""
    for datacenter in ("us", "eu"):
        encrypted = (
            f"new_relic={{datacenter: {datacenter}, license_key: 'https://secret.invalid/'}}"
        )
        assert run_program(secret(encrypted)).of_type(STREAM)
