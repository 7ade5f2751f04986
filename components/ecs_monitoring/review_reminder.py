"""A reminder of the regular review of the alarms: EventBridge Scheduler to alert topics."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

import pulumi
import pulumi_aws as aws

from ecs_monitoring.args import InvalidArgsError, as_args, given_fields, validated
from ecs_monitoring.aws_identity import aws_identity
from ecs_monitoring.monitoring import TYPE_PREFIX
from ecs_monitoring.names import within
from ecs_monitoring.outputs import has_output, when_asked
from ecs_monitoring.policies import SCHEDULE_GROUP, publish_policy, scheduler_trust
from ecs_monitoring.roles import service_role
from ecs_monitoring.rules.arn import arn_resource
from ecs_monitoring.rules.review import Reminder, reminder_message, reminder_subject

DEFAULT_NAME = "review-reminder"

# Schedules and roles alike.
# https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
_NAME_LENGTH = 64
_NAME = re.compile(r"[A-Za-z0-9_.-]+")

# As long and as often as Scheduler tries at most, which is what it does by itself, too: a
# reminder a day late is still one.
# https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
_RETRY_SECONDS = 86_400
_RETRIES = 185


@dataclass(frozen=True, kw_only=True)
class ReviewReminderArgs:
    """Who is reminded of the review, and when."""

    topics: list[pulumi.Input[str]]
    """ARNs of the topics that are told, each by a schedule of its own; in the provider's region."""

    link: Optional[pulumi.Input[str]] = None
    """Page that the reminder links to."""

    schedule: Optional[str] = None
    """``cron(…)`` or ``rate(… days)``; each quarter's first day if left out."""

    timezone: Optional[str] = None
    """The schedule's time zone by its IANA name; UTC if left out."""

    tags: Optional[dict[str, pulumi.Input[str]]] = None
    """Tags of the role; schedules carry none."""


class ReviewReminder(pulumi.ComponentResource):
    """A schedule for each topic, and the role as which Scheduler publishes."""

    schedules: pulumi.Output[list[str]] = when_asked(lambda self: pulumi.Output.all(*self._arns))
    """The ARN of each topic's schedule, in the order of the topics."""

    def __init__(
        self,
        name: str,
        args: ReviewReminderArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None:
        """Register the role and the schedules.

        Args:
            name: the component's name.
            args: topics, link and schedule.
            opts: the component's options.

        Raises:
            InvalidArgsError: no topic, or a link, schedule, time zone or name that cannot be.
        """
        super().__init__(f"{TYPE_PREFIX}:ReviewReminder", name, None, opts)
        self._name = name
        self._path = f"ReviewReminder {name!r}"
        self._args = as_args(ReviewReminderArgs, args, self._path)
        self._reminder = self._checked()
        self._aws = aws_identity(self)
        role, rights = self._role()
        self._arns = [
            self._schedule(topic, "" if number == 1 else f".{number}", role, rights).arn
            for number, topic in enumerate(self._args.topics, start=1)
        ]
        self.register_outputs({"schedules": self._arns})

    def _checked(self) -> Reminder:
        """The reminder as far as it is known before anything runs."""
        if not self._args.topics:
            raise InvalidArgsError(
                f"{self._path}: topics is empty: write the topic to notify", f"{self._path}.topics"
            )
        if not _NAME.fullmatch(self._physical_name("")):
            raise InvalidArgsError(f"{self._path}: name it with letters, digits, _ . and - only")
        return validated(Reminder, _plain(self._args), self._path)

    def _physical_name(self, suffix: str) -> str:
        # A second reminder in the stack must not ask for the first one's role.
        own = "" if self._name == DEFAULT_NAME else f"-{self._name}"
        whole = f"{pulumi.get_project()}-{pulumi.get_stack()}-{DEFAULT_NAME}{own}{suffix}"
        return within(whole, _NAME_LENGTH)

    def _role(self) -> "tuple[aws.iam.Role, aws.iam.RolePolicy]":
        """The role as which Scheduler publishes, and its rights."""
        return service_role(
            self,
            self._name,
            name=self._physical_name(""),
            description="EventBridge Scheduler reminds of the review of the alarms",
            trust=self._aws.apply(scheduler_trust),
            rights=pulumi.Output.all(self._aws, self._args.topics).apply(self._rights),
            tags=self._args.tags,
        )

    def _rights(self, values: Sequence[Any]) -> str:
        """The role's policy.

        Raises:
            InvalidArgsError: a topic that Scheduler would look for in vain each time.
        """
        identity, topics = values
        for topic in topics:
            if not arn_resource(topic, "sns") or topic.split(":")[3] != identity.region:
                raise InvalidArgsError(
                    f"{self._path}: topics: {topic} is no topic in {identity.region}, where the "
                    "schedule is: write the ARN of one there",
                    f"{self._path}.topics",
                )
        return publish_policy(identity, topics)

    def _schedule(
        self,
        topic: pulumi.Input[str],
        suffix: str,
        role: "aws.iam.Role",
        rights: "aws.iam.RolePolicy",
    ) -> "aws.scheduler.Schedule":
        name = self._physical_name(suffix)
        project, stack = pulumi.get_project(), pulumi.get_stack()
        link = self._reminder.link if self._args.link is None else self._args.link

        def request(values: Sequence[Any]) -> str:
            """What Scheduler asks of SNS."""
            arn, page = values
            checked = validated(Reminder, {"link": page}, self._path)
            return json.dumps(
                {
                    "TopicArn": arn,
                    "Subject": reminder_subject(project, stack),
                    "Message": reminder_message(project, stack, checked.link, name),
                }
            )

        return aws.scheduler.Schedule(
            f"{self._name}{suffix}",
            name=name,
            group_name=SCHEDULE_GROUP,
            description="Reminds of the review of the alarms",
            schedule_expression=self._reminder.schedule,
            schedule_expression_timezone=self._reminder.timezone,
            flexible_time_window={"mode": "OFF"},
            target={
                # The API call itself and not the topic, to which Scheduler would publish without
                # a subject: "AWS Notification Message" is what people file away unread.
                # https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
                "arn": self._aws.apply(
                    lambda at: f"arn:{at.partition}:scheduler:::aws-sdk:sns:publish"
                ),
                "role_arn": role.arn,
                "input": pulumi.Output.all(topic, link).apply(request),
                "retry_policy": {
                    "maximum_event_age_in_seconds": _RETRY_SECONDS,
                    "maximum_retry_attempts": _RETRIES,
                },
            },
            # The schedule must not come due before the role may publish.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[rights]),
        )


def _plain(args: ReviewReminderArgs) -> Mapping[str, Any]:
    """What is known of the reminder before anything runs."""
    fields = given_fields(args)
    return {
        n: fields[n] for n in Reminder.model_fields if n in fields and not has_output(fields[n])
    }
