"""Whatever settings validate give alarms that CloudWatch takes; all others a readable refusal."""

import json
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from settings import SettingsError
from stack.config import StackConfig
from stack.program import ProgramRun, run_program
from tests.components.registered import (
    ALARM,
    LOG_FILTER,
    LOG_GROUP,
    ROLE,
    SCHEDULE,
    SUBSCRIPTION,
    TOPIC,
)
from tests.settings.documented_limits import alarm_breaches
from tests.settings.refusal import run_or_refused, stack_config
from tests.settings.strategies import stacks

REGIONS = ("ap-northeast-1", "us-east-1")

# A run takes a tenth of a second: enough for many stacks, not for the thousands of smaller ones
# that shrinking a failure would try.
in_process = settings(
    max_examples=40,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def assert_heard(run: ProgramRun, region: str, given: dict[str, Any]) -> None:
    """Every alarm publishes to a topic of its severity that the run made, in its own region."""
    existing = given.get("alerts", {}).get("topics", {})
    made = {
        f"arn:aws:sns:{topic.inputs.get('region', region)}:123456789012:{topic.inputs['name']}"
        for topic in run.of_type(TOPIC)
    }
    recovers = given.get("alerts", {}).get("notify_on_recovery", ())
    for alarm in run.of_type(ALARM):
        severity = alarm.inputs["tags"]["Severity"]
        actions = alarm.inputs["alarmActions"]
        own = [action for action in actions if action in made]
        assert len(own) == 1
        assert own[0].endswith(f"-{severity}")
        assert own[0].split(":")[3] == alarm.inputs.get("region", region)
        assert set(actions) - set(own) == set(existing.get(severity, ()))
        assert (alarm.inputs.get("okActions") or []) == (actions if severity in recovers else [])


def assert_distinct(run: ProgramRun, region: str) -> None:
    """Nothing that Pulumi or AWS knows by name is there twice."""
    urns = [found.urn for found in run.registrations]
    assert len(set(urns)) == len(urns)
    for type_ in (
        ALARM,
        LOG_GROUP,
        LOG_FILTER,
        ROLE,
        SCHEDULE,
        TOPIC,
        "aws:sqs/queue:Queue",
        "aws:kms/alias:Alias",
    ):
        names = [(r.inputs.get("region", region), r.inputs["name"]) for r in run.of_type(type_)]
        assert len(set(names)) == len(names), type_


def assert_reminded(run: ProgramRun, region: str, given: dict[str, Any]) -> None:
    """Every topic for warnings in the stack's region is told, if the settings want a reminder."""
    told = sorted(
        json.loads(s.inputs["target"]["input"])["TopicArn"] for s in run.of_type(SCHEDULE)
    )
    if not given["review"]["reminder"]:
        assert told == []
        return
    own = run.exports["topics"]["warning"]
    existing = given.get("alerts", {}).get("topics", {}).get("warning", [])
    assert told == sorted([own, *existing])
    assert all(topic.split(":")[3] == region for topic in told)


def assert_secret(run: ProgramRun, given: dict[str, Any]) -> None:
    """The webhooks stand in their subscriptions, as secrets, and nowhere else."""
    urls = {
        url
        for by_name in given.get("alerts", {}).get("webhooks", {}).values()
        for url in by_name.values()
    }
    webhooks = [s for s in run.of_type(SUBSCRIPTION) if s.inputs["protocol"] == "https"]
    assert all("endpoint" in webhook.secret_inputs for webhook in webhooks)
    rest = [
        (r.urn, {**r.inputs, "endpoint": ""} if r in webhooks else dict(r.inputs))
        for r in run.registrations
    ]
    said = json.dumps([rest, dict(run.exports), run.warnings], default=str)
    assert [url for url in urls if url in said] == []


def assert_sound(run: ProgramRun, config: StackConfig, given: dict[str, Any]) -> None:
    for alarm in run.of_type(ALARM):
        assert alarm_breaches(alarm.inputs) == [], alarm.inputs["name"]
    assert_distinct(run, config.region)
    assert_heard(run, config.region, given)
    assert_reminded(run, config.region, given)
    assert_secret(run, given)
    addresses = [f"{a.inputs['tags']['AlarmKey']}" for a in run.of_type(ALARM)]
    assert len(run.exports["alarms"]) == len(addresses)


@given(data=st.data(), region=st.sampled_from(REGIONS))
@in_process
def test_valid_settings_give_alarms_that_cloudwatch_takes(data: st.DataObject, region: str) -> None:
    chosen = data.draw(stacks(region))
    config = stack_config(chosen, region=region)
    assert_sound(run_program(config), config, chosen)


JUNK = (
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(("x" * 2000, "a.b", "web", "arn:aws:sns:::", "https://[", "{ $.x"))
    | st.lists(st.text(max_size=5), max_size=2)
    | st.dictionaries(st.text(max_size=5), st.integers(), max_size=2)
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything in the settings, the whole left out."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, item in inner:
        found.append((*path, key))
        if isinstance(item, dict | list):
            found += places(item, (*path, key))
    return found


@given(data=st.data(), region=st.sampled_from(REGIONS))
@in_process
def test_settings_with_junk_in_them_are_sound_or_refused(data: st.DataObject, region: str) -> None:
    chosen = data.draw(stacks(region))
    for _ in range(data.draw(st.integers(1, 2))):
        *way, last = data.draw(st.sampled_from(places(chosen)))
        place: Any = chosen
        for key in way:
            place = place[key]
        if isinstance(place, dict) and data.draw(st.booleans()):
            last = data.draw(st.text(max_size=8) | st.sampled_from(("enabled", "url", "a b")))
        place[last] = data.draw(JUNK)
    config = stack_config(chosen, region=region)
    answer = run_or_refused(config)
    if isinstance(answer, SettingsError):
        assert "hooks.example.net" not in str(answer), "a webhook is shown"
        return
    for alarm in answer.of_type(ALARM):
        assert alarm_breaches(alarm.inputs) == [], alarm.inputs["name"]
    assert_distinct(answer, region)
