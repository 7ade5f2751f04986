"""ReviewReminder: when it comes, what it says, and whether it may be sent."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi.output import Unknown

import ecs_monitoring as watch
from stack.placeholder_aws import ACCOUNT
from stack.program import ProgramRun, Registration
from tests.components.policy import allows, statements
from tests.components.registered import KEY as KEY_TYPE
from tests.components.registered import ROLE, ROLE_POLICY, SCHEDULE, named, only, wire
from tests.components.small import CRITICAL, WARNING, RunComponents, RunWith

SCHEDULER = "scheduler.amazonaws.com"
REGION = "ap-northeast-1"
NAME = "django-ecs-monitoring-test-review-reminder"


def reminded(
    run_components: RunComponents, name: str = "review-reminder", **args: Any
) -> ProgramRun:
    """A program with one reminder of one topic, unless ``args`` say otherwise."""

    def program() -> None:
        given = watch.ReviewReminderArgs(**{"topics": [WARNING], **args})
        pulumi.export("schedules", watch.ReviewReminder(name, given).schedules)

    return run_components(program)


def request(schedule: Registration) -> dict[str, str]:
    """What Scheduler asks of SNS."""
    found: dict[str, str] = json.loads(schedule.inputs["target"]["input"])
    return found


def test_a_schedule_its_role_and_the_roles_rights(run_components: RunComponents) -> None:
    run = reminded(run_components)
    expected = {
        "name": NAME,
        "groupName": "default",
        "scheduleExpression": "cron(0 9 1 1,4,7,10 ? *)",
        "scheduleExpressionTimezone": "UTC",
        "flexibleTimeWindow": {"mode": "OFF"},
    }
    schedule = only(run.of_type(SCHEDULE))
    assert wire(schedule, *expected) == expected
    role, rights = only(run.of_type(ROLE)), only(run.of_type(ROLE_POLICY))
    assert role.inputs["name"] == rights.inputs["role"] == NAME
    assert schedule.inputs["target"]["roleArn"] == role.arn
    assert run.exports["schedules"] == [schedule.arn]


def test_a_mail_has_a_subject_and_says_what_to_do(run_components: RunComponents) -> None:
    """Publish takes a subject from the universal target alone; its parameters are the API's.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
    """
    run = reminded(run_components, link="https://wiki.example.jp/review")
    schedule = only(run.of_type(SCHEDULE))
    assert schedule.inputs["target"]["arn"] == "arn:aws:scheduler:::aws-sdk:sns:publish"
    assert set(request(schedule)) == {"TopicArn", "Subject", "Message"}
    assert request(schedule)["TopicArn"] == WARNING
    assert request(schedule)["Subject"] == "Alarm review due: django-ecs-monitoring/test"
    message = request(schedule)["Message"]
    assert "python -m ops review test" in message
    assert "https://wiki.example.jp/review" in message
    assert NAME in message


def test_a_reminder_is_tried_for_a_day(run_components: RunComponents) -> None:
    """The most that Scheduler tries, 185 times in 86,400 seconds.

    https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
    """
    target = only(reminded(run_components).of_type(SCHEDULE)).inputs["target"]
    assert target["retryPolicy"] == {
        "maximumEventAgeInSeconds": 86_400,
        "maximumRetryAttempts": 185,
    }


# What Scheduler sends along when it takes a role: its group, never the schedule itself.
# https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
GOOD = {
    "aws:SourceAccount": ACCOUNT,
    "aws:SourceArn": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/default",
}


@pytest.mark.parametrize(
    ("principal", "context", "may"),
    [
        (SCHEDULER, GOOD, True),
        ("events.amazonaws.com", GOOD, False),
        (f"arn:aws:iam::{ACCOUNT}:root", GOOD, False),
        (SCHEDULER, {}, False),
        (SCHEDULER, {**GOOD, "aws:SourceAccount": "999999999999"}, False),
        (
            SCHEDULER,
            {
                **GOOD,
                "aws:SourceArn": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/{NAME}",
            },
            False,
        ),
        (
            SCHEDULER,
            {**GOOD, "aws:SourceArn": f"arn:aws:scheduler:eu-west-1:{ACCOUNT}:schedule-group/x"},
            False,
        ),
    ],
)
def test_who_may_take_the_role(
    run_components: RunComponents, principal: str, context: Mapping[str, str], may: bool
) -> None:
    trust = only(reminded(run_components).of_type(ROLE)).inputs["assumeRolePolicy"]
    assert allows(trust, principal, "sts:AssumeRole", "", context) is may


KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0123"
BY_SNS = {"kms:ViaService": f"sns.{REGION}.amazonaws.com"}


@pytest.mark.parametrize(
    ("action", "resource", "context", "may"),
    [
        ("sns:Publish", WARNING, {}, True),
        ("sns:Publish", CRITICAL, {}, False),
        ("sns:Subscribe", WARNING, {}, False),
        # What a publisher needs of an encrypted topic's key, and only as SNS uses it.
        # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
        ("kms:GenerateDataKey", KEY, BY_SNS, True),
        ("kms:Decrypt", KEY, BY_SNS, True),
        ("kms:Decrypt", KEY, {}, False),
        ("kms:Decrypt", KEY, {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}, False),
        ("kms:Decrypt", KEY.replace(ACCOUNT, "999999999999"), BY_SNS, False),
        ("kms:Encrypt", KEY, BY_SNS, False),
        ("kms:PutKeyPolicy", KEY, BY_SNS, False),
    ],
)
def test_what_the_role_may_do(
    run_components: RunComponents,
    action: str,
    resource: str,
    context: Mapping[str, str],
    may: bool,
) -> None:
    rights = only(reminded(run_components).of_type(ROLE_POLICY)).inputs["policy"]
    assert allows(rights, None, action, resource, context) is may


def test_keys_are_those_of_the_topics_accounts(run_components: RunComponents) -> None:
    shared = f"arn:aws:sns:{REGION}:999999999999:shared"
    rights = only(reminded(run_components, topics=[WARNING, shared, CRITICAL]).of_type(ROLE_POLICY))
    publish, keys = statements(rights.inputs["policy"])
    assert publish["Resource"] == [WARNING, shared, CRITICAL]
    assert keys["Resource"] == [
        f"arn:aws:kms:{REGION}:{ACCOUNT}:key/*",
        f"arn:aws:kms:{REGION}:999999999999:key/*",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("encryption", [False, True])
def test_the_stacks_own_topic_hears(run_with: RunWith, encryption: bool) -> None:
    """From the schedule to the topic; topic and key leave their accounts' roles to IAM."""
    run = run_with(f"alerts.encryption={str(encryption).lower()}")
    topic = run.exports["topics"]["warning"]
    assert request(only(run.of_type(SCHEDULE)))["TopicArn"] == topic
    rights = named(run, ROLE_POLICY)["review-reminder"].inputs["policy"]
    assert allows(rights, None, "sns:Publish", topic)
    owner = f"arn:aws:iam::{ACCOUNT}:root"
    for key in run.of_type(KEY_TYPE):
        assert allows(key.inputs["policy"], owner, "kms:GenerateDataKey", key.arn)
        assert allows(rights, None, "kms:GenerateDataKey", key.arn, BY_SNS)


def test_each_topic_has_a_schedule_of_its_own(run_components: RunComponents) -> None:
    run = reminded(run_components, topics=[WARNING, CRITICAL])
    schedules = named(run, SCHEDULE)
    assert {name: one.inputs["name"] for name, one in schedules.items()} == {
        "review-reminder": NAME,
        "review-reminder.2": f"{NAME}.2",
    }
    # Registered at once, so in any order; told apart by their names.
    ordered = [schedules["review-reminder"], schedules["review-reminder.2"]]
    assert [request(one)["TopicArn"] for one in ordered] == [WARNING, CRITICAL]
    assert run.exports["schedules"] == [one.arn for one in ordered]
    assert len(run.of_type(ROLE)) == len(run.of_type(ROLE_POLICY)) == 1


def test_a_second_reminder_has_names_of_its_own(run_components: RunComponents) -> None:
    run = reminded(run_components, "payments")
    assert only(run.of_type(SCHEDULE)).inputs["name"] == f"{NAME}-payments"
    assert only(run.of_type(ROLE)).inputs["name"] == f"{NAME}-payments"


def test_a_long_name_is_cut_and_stays_distinct(run_components: RunComponents) -> None:
    """Schedules and roles have 64 characters at most.

    "django-ecs-monitoring-test-review-reminder-" has 43, so that 21 more fit.
    """
    whole = reminded(run_components, "p" * 21)
    assert only(whole.of_type(ROLE)).inputs["name"] == f"{NAME}-{'p' * 21}"

    def program() -> None:
        args = watch.ReviewReminderArgs(topics=[WARNING, CRITICAL])
        for name in ("p" * 22, "p" * 23):
            watch.ReviewReminder(name, args)

    run = run_components(program)
    names = {one.inputs["name"] for one in run.of_type(SCHEDULE)}
    assert len(names) == 4
    assert all(len(name) == 64 and name.startswith(f"{NAME}-ppp") for name in names)
    assert {one.inputs["name"] for one in run.of_type(ROLE)} < names


def test_tags_are_on_the_role(run_components: RunComponents) -> None:
    run = reminded(run_components, tags={"Team": "shop"})
    assert only(run.of_type(ROLE)).inputs["tags"] == {"Team": "shop"}


def test_topic_and_link_may_come_from_the_program(run_components: RunComponents) -> None:
    def program() -> None:
        topic = aws.sns.Topic("own", name="own")
        link = topic.name.apply(lambda name: f"https://wiki.example.jp/{name}")
        watch.ReviewReminder(
            "review-reminder", watch.ReviewReminderArgs(topics=[topic.arn], link=link)
        )

    sent = request(only(run_components(program).of_type(SCHEDULE)))
    assert sent["TopicArn"] == f"arn:aws:sns:{REGION}:{ACCOUNT}:own"
    assert "https://wiki.example.jp/own" in sent["Message"]


def test_a_preview_waits_for_the_topic_alone(run_components: RunComponents) -> None:
    def program() -> None:
        # AWS chooses the end of a name that is left out.
        arn = aws.sns.Topic("own").name.apply(lambda name: f"arn:aws:sns:{REGION}:1:{name}")
        watch.ReviewReminder("review-reminder", watch.ReviewReminderArgs(topics=[arn]))

    run = run_components(program, preview=True)
    rights, schedule = only(run.of_type(ROLE_POLICY)), only(run.of_type(SCHEDULE))
    assert isinstance(rights.inputs["policy"], Unknown)
    assert not isinstance(only(run.of_type(ROLE)).inputs["assumeRolePolicy"], Unknown)
    assert schedule.inputs["scheduleExpression"] == "cron(0 9 1 1,4,7,10 ? *)"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"topics": []}, "topics is empty"),
        ({"schedule": "quarterly"}, r"schedule: .*write cron\("),
        ({"timezone": "Asia/Tokio"}, 'timezone: .*did you mean "Asia/Tokyo"'),
        ({"link": "the wiki"}, "link: .*write https://"),
        ({"name": "on call"}, "name it with letters, digits"),
        (
            {"topics": ["arn:aws:sns:eu-west-1:123456789012:far"]},
            f"'review-reminder': topics: .*:far is no topic in {REGION}",
        ),
        ({"topics": ["far"]}, f"far is no topic in {REGION}"),
    ],
)
def test_a_reminder_that_would_never_come_is_refused(
    run_components: RunComponents, args: dict[str, Any], message: str
) -> None:
    with pytest.raises(watch.InvalidArgsError, match=message):
        reminded(run_components, **args)


def test_a_link_that_turns_out_wrong_is_refused(run_components: RunComponents) -> None:
    def program() -> None:
        late = aws.sns.Topic("own", name="the wiki").name
        watch.ReviewReminder(
            "review-reminder", watch.ReviewReminderArgs(topics=[WARNING], link=late)
        )

    with pytest.raises(watch.InvalidArgsError, match=r"link: .*write https://"):
        run_components(program)


def test_args_as_plain_mappings(run_components: RunComponents) -> None:
    """Which is how a program in another of Pulumi's languages sends them."""

    def program() -> None:
        given: Any = {"topics": [WARNING], "link": "docs/x.md", "tags": {"Team": "shop"}}
        watch.ReviewReminder("review-reminder", given)

    run = run_components(program)
    typed = reminded(run_components, link="docs/x.md", tags={"Team": "shop"})
    assert {r.urn: r.inputs for r in run.registrations} == {
        r.urn: r.inputs for r in typed.registrations
    }


def test_the_role_may_publish_before_the_schedule_is_due(
    run_components: RunComponents, requests: dict[str, Any]
) -> None:
    reminded(run_components)
    asked = requests[f"{SCHEDULE}/review-reminder"]
    assert [urn for urn in asked.dependencies if "rolePolicy:RolePolicy::" in urn]
