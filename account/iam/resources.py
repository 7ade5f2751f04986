"""The ARNs of what a stack registers, as narrow as its names allow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from stack import resource_types as types
from stack.definitions import ALARM
from stack.events import EVENT_RULE
from stack.incidents import COMPOSITE
from stack.mutes import MUTE_RULE
from stack.program import ProgramRun, Registration


@dataclass(frozen=True, kw_only=True)
class StackOwner:
    """Whose resources they are.

    Attributes:
        project: the project's name.
        stack: the stack's name.
        account: the account's id.
        partition: ``aws``, ``aws-cn`` or ``aws-us-gov``.
    """

    project: str
    stack: str
    account: str
    partition: str

    @property
    def prefix(self) -> str:
        """What ARNs begin with."""
        return f"arn:{self.partition}"


@dataclass(frozen=True, kw_only=True)
class Backend(StackOwner):
    """A stack, and where Pulumi keeps it.

    Attributes:
        bucket: of the state.
        key: ARN of the key that opens the secrets.
    """

    bucket: str
    key: str


def resources(type_: str, registrations: Sequence[Registration], owner: StackOwner) -> list[str]:
    """ARNs, or patterns of them, of registrations of one type.

    Regions stay open where a stack with outside checks has the same in us-east-1.
    """
    arn, account = owner.prefix, owner.account
    inputs = [made.inputs for made in registrations]
    if type_ in (ALARM, COMPOSITE):
        return _unique(f"{arn}:cloudwatch:*:{account}:alarm:{_alarms_like(of)}-*" for of in inputs)
    if type_ == types.DASHBOARD:
        names = (of["dashboardName"] for of in inputs)
        return _unique(f"{arn}:cloudwatch::{account}:dashboard/{name}" for name in names)
    if type_ in (types.LOG_FILTER, types.LOG_GROUP):
        return _log_groups(registrations, owner)
    if type_ == types.KEY:
        return [f"{arn}:kms:*:{account}:key/*"]
    if type_ == types.ALIAS:
        own = _unique(f"{arn}:kms:*:{account}:{of['name']}" for of in inputs)
        return [f"{arn}:kms:*:{account}:key/*", *own]
    if type_ == types.HEALTH_CHECK:
        return [f"{arn}:route53:::healthcheck/*"]
    if type_ == types.SUBSCRIPTION:
        return ["*"]
    if type_ == types.BUCKET:
        buckets = _unique(f"{arn}:s3:::{of['bucket']}" for of in inputs)
        return [f"{bucket}{objects}" for bucket in buckets for objects in ("", "/*")]
    if type_ == EVENT_RULE:
        return _unique(f"{arn}:events:*:{account}:rule/{_rules_like(of)}" for of in inputs)
    form = {
        MUTE_RULE: "cloudwatch:*:{account}:alarm-mute-rule:{name}",
        types.METRIC_STREAM: "cloudwatch:*:{account}:metric-stream/{name}",
        types.FIREHOSE: "firehose:*:{account}:deliverystream/{name}",
        types.TOPIC: "sns:*:{account}:{name}",
        types.QUEUE: "sqs:*:{account}:{name}",
        types.SCHEDULE: "scheduler:*:{account}:schedule/default/{name}",
        types.ROLE: "iam::{account}:role/{name}",
        types.SLACK_CHANNEL: "chatbot::{account}:chat-configuration/slack-channel/{name}",
        types.TEAMS_CHANNEL: "chatbot::{account}:chat-configuration/microsoft-teams-channel/{name}",
    }[type_]
    names = (of.get("name") or of["configurationName"] for of in inputs)
    return _unique(f"{arn}:{form.format(account=account, name=name)}" for name in names)


def of_alarms(run: ProgramRun, owner: StackOwner) -> list[str]:
    """Patterns of all alarms of a stack, metric and composite ones."""
    types = (ALARM, COMPOSITE)
    return _unique(arn for type_ in types for arn in resources(type_, run.of_type(type_), owner))


def topics_told(run: ProgramRun) -> list[str]:
    """ARNs of the topics that a stack's alarms tell, its own and others."""
    made = [*run.of_type(ALARM), *run.of_type(COMPOSITE)]
    return _unique(str(arn) for alarm in made for arn in alarm.inputs.get("alarmActions") or ())


def _alarms_like(inputs: Any) -> str:
    """An alarm's name without target and rule: ``<project>-<stack>-<kind>``.

    With the kind in it, the pattern of stack ``prod`` fits no alarm of a stack ``prod-eu``.
    """
    address = AlarmAddress.from_tags(inputs["tags"])
    name = inputs.get("name") or inputs["alarmName"]
    rest = str(name).removesuffix(f"-{address.rule}").removesuffix("-")
    return rest.removesuffix(f"-{address.watched.replace('/', '.')}")


def _rules_like(inputs: Any) -> str:
    """A pattern for the event rules of one section: ``events-<project>-<stack>-<section>-*``.

    As with alarms, the section in it keeps it from the rules of a stack ``prod-eu``. A name that
    was cut to what EventBridge takes is given whole.
    """
    key, name = str(inputs["tags"]["EventKey"]), str(inputs["name"])
    start, hyphen, _ = name.rpartition(f"-{key.replace('.', '-')}")
    return f"{start}-{key.partition('.')[0]}-*" if hyphen else name


def _log_groups(registrations: Sequence[Registration], owner: StackOwner) -> list[str]:
    inputs = (made.inputs for made in registrations)
    names = dict.fromkeys(str(of.get("logGroupName") or of.get("name")) for of in inputs)
    start = f"{owner.prefix}:logs:*:{owner.account}:log-group:"
    return [f"{start}{name}{end}" for name in names for end in ("", ":*")]


def _unique(names: Iterable[str]) -> list[str]:
    return sorted(set(names))
