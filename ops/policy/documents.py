"""IAM policies for exactly what a stack registers."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from account.verify.permissions import CHAT_PERMISSIONS, PERMISSIONS
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ops.policy.actions import ACTIONS, CHANNEL_CREATION, COVERED, DATA_SOURCES
from stack.definitions import ALARM
from stack.events import EVENT_RULE
from stack.incidents import COMPOSITE
from stack.mutes import MUTE_RULE
from stack.program import ProgramRun, Registration
from stack.resource_types import (
    ALIAS,
    BUCKET,
    DASHBOARD,
    FIREHOSE,
    HEALTH_CHECK,
    KEY,
    LOG_FILTER,
    LOG_GROUP,
    METRIC_STREAM,
    QUEUE,
    ROLE,
    SCHEDULE,
    SLACK_CHANNEL,
    SUBSCRIPTION,
    TEAMS_CHANNEL,
    TOPIC,
)

Statement = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Backend:
    """Where Pulumi keeps a stack.

    Attributes:
        project: the project's name.
        stack: the stack's name.
        account: the account's id.
        partition: ``aws``, ``aws-cn`` or ``aws-us-gov``.
        bucket: of the state.
        key: ARN of the key that opens the secrets.
    """

    project: str
    stack: str
    account: str
    partition: str
    bucket: str
    key: str

    @property
    def prefix(self) -> str:
        """What ARNs begin with."""
        return f"arn:{self.partition}"


class UnknownTypeError(Exception):
    """The stack registers something that no action is known for."""


def preview_policy(run: ProgramRun, backend: Backend) -> dict[str, Any]:
    """What previews, drift reports and ``--verify`` need: reading only."""
    # Lines of logs are read where the stack's filters are, and nowhere else.
    lines = ("logs:DescribeLogStreams", "logs:GetLogEvents")
    chat = {action for type_, action in CHAT_PERMISSIONS.items() if run.of_type(type_)}
    read = {*PERMISSIONS, *chat, *_reads(run), *DATA_SOURCES} - set(lines)
    groups = _log_groups(run.of_type(LOG_FILTER), backend)
    return _document(
        [
            *_state(backend, ["s3:GetObject"], ["/.pulumi/*"]),
            _statement("Read", sorted(read), ["*"]),
            *([_statement("LatestLines", list(lines), groups)] if groups else []),
            *_bucket_reads(run, backend),
        ]
    )


def deploy_policies(run: ProgramRun, backend: Backend) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a deployment needs: one policy to read and to keep the state, one to change.

    Raises:
        UnknownTypeError: the stack registers something that no action is known for.
    """
    of_stack = f"/.pulumi/*/{backend.project}/{backend.stack}"
    reading = [
        *_state(backend, ["s3:GetObject"], ["/.pulumi/meta.yaml"]),
        _statement(
            "KeepState",
            ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            [f"{_bucket(backend)}{of_stack}.*", f"{_bucket(backend)}{of_stack}/*"],
        ),
        _statement("Read", sorted({*_reads(run), *DATA_SOURCES}), ["*"]),
        *_bucket_reads(run, backend),
    ]
    return _document(reading), _document(list(_changes(run, backend)))


def open_ends(run: ProgramRun) -> Iterator[str]:
    """What the policies leave open, in words, because IAM cannot close it."""
    if run.of_type(KEY):
        yield (
            "keys have no names: they go by the tags of the settings. To tag a key while making "
            "it, the permission must cover all keys, so the role could tag another key as its own"
        )
        if not all(one.inputs.get("tags") for one in run.of_type(KEY)):
            yield "without tags in the settings, the role may change every key of the account"
        yield "an alias may be put on any key, since a new key's tags take minutes to count"
    if run.of_type(COMPOSITE):
        yield (
            "AWS wants the right to put composite alarms for all alarms: the role may overwrite "
            "every composite one of the account"
        )
    if run.of_type(HEALTH_CHECK):
        yield "health checks have no names: the role may change every one of the account"
    if run.of_type(SUBSCRIPTION):
        yield "actions on subscriptions take no resource: the role may end any of the account"
    if run.of_type(ROLE):
        yield (
            "whoever may write the policy of a role of the stack may write anything into it, for "
            "the service that takes the role to do: leave review.reminder off, and chat channels "
            "and new_relic out, where that is too much"
        )
    yield (
        "when the settings change what there is, print the policies anew before deploying; keep "
        "the old names in until what is gone has been deleted"
    )


def _reads(run: ProgramRun) -> set[str]:
    return {a for type_ in _types(run) if type_ != BUCKET for a in ACTIONS[type_].read}


def _bucket_reads(run: ProgramRun, backend: Backend) -> Iterator[Statement]:
    """What is in other buckets is none of a stack's business, down to the names."""
    if buckets := run.of_type(BUCKET):
        resources = [arn for arn in _resources(BUCKET, buckets, backend) if not arn.endswith("/*")]
        yield _statement("ReadBucket", ACTIONS[BUCKET].read, resources)


def _types(run: ProgramRun) -> list[str]:
    found = dict.fromkeys(one.type for one in run.registrations if one.type.startswith("aws:"))
    for type_ in found:
        if type_ not in ACTIONS and type_ not in COVERED:
            raise UnknownTypeError(f"no IAM actions are known for {type_}: add them to ops/policy")
    return [type_ for type_ in found if type_ in ACTIONS]


def _changes(run: ProgramRun, backend: Backend) -> Iterator[Statement]:
    for type_ in sorted(_types(run), key=list(ACTIONS).index):
        found = run.of_type(type_)
        actions = ACTIONS[type_]
        condition = _tagged("aws:ResourceTag", found) if type_ == KEY else None
        # Putting a mute rule needs the right on every alarm that it names, too:
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAlarmMuteRule.html
        is_muted = type_ in (ALARM, COMPOSITE) and bool(run.of_type(MUTE_RULE))
        write = (*actions.write, *(["cloudwatch:PutAlarmMuteRule"] if is_muted else []))
        yield _statement(actions.sid, write, _resources(type_, found, backend), condition)
        if type_ == KEY:
            yield _statement(
                "KeyCreation",
                ["kms:CreateKey", "kms:TagResource"],
                ["*"],
                _tagged("aws:RequestTag", found),
            )
        elif type_ == COMPOSITE:
            # "signed on with the cloudwatch:PutCompositeAlarm permission that is scoped to *":
            # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
            yield _statement("IncidentsOfAllStacks", ["cloudwatch:PutCompositeAlarm"], ["*"])
        elif type_ == HEALTH_CHECK:
            yield _statement("HealthCheckCreation", ["route53:CreateHealthCheck"], ["*"])
        elif type_ == ROLE:
            yield from _passed_roles(found, backend)
        elif type_ in CHANNEL_CREATION:
            yield _statement(f"{actions.sid}Creation", [CHANNEL_CREATION[type_]], ["*"])
    if any(run.of_type(type_) for type_ in CHANNEL_CREATION):
        yield _chat_service_role(backend)


def _passed_roles(roles: Sequence[Registration], backend: Backend) -> Iterator[Statement]:
    """Each role may be given to the service that its own policy trusts, and to no other."""
    of_service: dict[str, list[Registration]] = {}
    for role in roles:
        (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
        of_service.setdefault(trust["Principal"]["Service"], []).append(role)
    for service, trusted in sorted(of_service.items()):
        name = "".join(word.capitalize() for word in service.split(".amazonaws.")[0].split("."))
        yield _statement(
            f"PassTo{name}",
            ["iam:PassRole"],
            _resources(ROLE, trusted, backend),
            {"StringEquals": {"iam:PassedToService": service}},
        )


def _chat_service_role(backend: Backend) -> Statement:
    """The role by which Amazon Q Developer subscribes, made with an account's first channel.

    https://docs.aws.amazon.com/chatbot/latest/adminguide/slr-permissions.html
    """
    service = "management.chatbot.amazonaws.com"
    role = f"role/aws-service-role/{service}/AWSServiceRoleForAWSChatbot"
    return _statement(
        "ChatServiceLinkedRole",
        ["iam:CreateServiceLinkedRole"],
        [f"{backend.prefix}:iam::{backend.account}:{role}"],
        {"StringEquals": {"iam:AWSServiceName": service}},
    )


def _resources(type_: str, found: Sequence[Registration], backend: Backend) -> list[str]:
    arn, account = backend.prefix, backend.account
    # Regions stay open where a stack with outside checks has the same in us-east-1.
    if type_ in (ALARM, COMPOSITE):
        return _unique(
            f"{arn}:cloudwatch:*:{account}:alarm:{_owner(one.inputs)}-*" for one in found
        )
    if type_ == DASHBOARD:
        names = (one.inputs["dashboardName"] for one in found)
        return _unique(f"{arn}:cloudwatch::{account}:dashboard/{name}" for name in names)
    if type_ in (LOG_FILTER, LOG_GROUP):
        return _log_groups(found, backend)
    if type_ == KEY:
        return [f"{arn}:kms:*:{account}:key/*"]
    if type_ == ALIAS:
        aliases = (one.inputs["name"] for one in found)
        own = _unique(f"{arn}:kms:*:{account}:{alias}" for alias in aliases)
        return [f"{arn}:kms:*:{account}:key/*", *own]
    if type_ == HEALTH_CHECK:
        return [f"{arn}:route53:::healthcheck/*"]
    if type_ == SUBSCRIPTION:
        return ["*"]
    if type_ == BUCKET:
        buckets = _unique(f"{arn}:s3:::{one.inputs['bucket']}" for one in found)
        return [f"{bucket}{objects}" for bucket in buckets for objects in ("", "/*")]
    if type_ == EVENT_RULE:
        return _unique(f"{arn}:events:*:{account}:rule/{_rules_like(one.inputs)}" for one in found)
    of = {
        MUTE_RULE: "cloudwatch:*:{account}:alarm-mute-rule:{name}",
        METRIC_STREAM: "cloudwatch:*:{account}:metric-stream/{name}",
        FIREHOSE: "firehose:*:{account}:deliverystream/{name}",
        TOPIC: "sns:*:{account}:{name}",
        QUEUE: "sqs:*:{account}:{name}",
        SCHEDULE: "scheduler:*:{account}:schedule/default/{name}",
        ROLE: "iam::{account}:role/{name}",
        SLACK_CHANNEL: "chatbot::{account}:chat-configuration/slack-channel/{name}",
        TEAMS_CHANNEL: "chatbot::{account}:chat-configuration/microsoft-teams-channel/{name}",
    }[type_]
    names = (one.inputs.get("name") or one.inputs["configurationName"] for one in found)
    return _unique(f"{arn}:{of.format(account=account, name=name)}" for name in names)


def _owner(inputs: Any) -> str:
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
    start, found, _ = name.rpartition(f"-{key.replace('.', '-')}")
    return f"{start}-{key.partition('.')[0]}-*" if found else name


def _log_groups(found: Iterable[Registration], backend: Backend) -> list[str]:
    names = dict.fromkeys(
        str(one.inputs.get("logGroupName") or one.inputs.get("name")) for one in found
    )
    start = f"{backend.prefix}:logs:*:{backend.account}:log-group:"
    return [f"{start}{name}{end}" for name in names for end in ("", ":*")]


def _tagged(key: str, found: Sequence[Registration]) -> dict[str, Any] | None:
    tags = dict(found[0].inputs.get("tags") or {})
    if not tags:
        return None
    return {"StringEquals": {f"{key}/{name}": value for name, value in tags.items()}}


def _state(backend: Backend, actions: list[str], paths: list[str]) -> list[Statement]:
    bucket = _bucket(backend)
    return [
        _statement("ListState", ["s3:ListBucket"], [bucket]),
        _statement("ReadBackend", actions, [f"{bucket}{path}" for path in paths]),
        _statement("OpenSecrets", ["kms:Decrypt"], [backend.key]),
    ]


def _bucket(backend: Backend) -> str:
    return f"{backend.prefix}:s3:::{backend.bucket}"


def _statement(
    sid: str,
    actions: Sequence[str],
    resources: Sequence[str],
    condition: dict[str, Any] | None = None,
) -> Statement:
    found: Statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": list(resources),
    }
    return {**found, "Condition": condition} if condition else found


def _document(statements: list[Statement]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def _unique(names: Iterable[str]) -> list[str]:
    return sorted(set(names))
