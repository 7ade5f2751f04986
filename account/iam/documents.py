"""IAM policies for exactly what a stack registers: of the roles that preview and deploy it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from account.coverage.logs_reader import LINE_PERMISSIONS
from account.iam.actions import ACTIONS, CHANNEL_CREATION, COVERED, DATA_SOURCES
from account.iam.operator import chat_reads
from account.iam.resources import Backend, resources
from account.iam.statements import Document, Statement, document, statement
from account.verify.read import PERMISSIONS
from stack.definitions import ALARM
from stack.incidents import COMPOSITE
from stack.mutes import MUTE_RULE
from stack.program import ProgramRun, Registration
from stack.resource_types import BUCKET, HEALTH_CHECK, KEY, LOG_FILTER, ROLE, SUBSCRIPTION


class UnknownTypeError(Exception):
    """The stack registers something that no action is known for."""


def preview_policy(run: ProgramRun, backend: Backend) -> Document:
    """What previews, drift reports and ``--verify`` need: reading only."""
    read = {*PERMISSIONS, *chat_reads(run), *_reads(run), *DATA_SOURCES} - set(LINE_PERMISSIONS)
    groups = resources(LOG_FILTER, run.of_type(LOG_FILTER), backend)
    return document(
        [
            *_state(backend, ["s3:GetObject"], ["/.pulumi/*"]),
            statement("Read", sorted(read), ["*"]),
            *([statement("LatestLines", LINE_PERMISSIONS, groups)] if groups else []),
            *_bucket_reads(run, backend),
        ]
    )


def deploy_policies(run: ProgramRun, backend: Backend) -> tuple[Document, Document]:
    """What a deployment needs: one policy to read and to keep the state, one to change.

    Raises:
        UnknownTypeError: the stack registers something that no action is known for.
    """
    of_stack = f"/.pulumi/*/{backend.project}/{backend.stack}"
    reading = [
        *_state(backend, ["s3:GetObject"], ["/.pulumi/meta.yaml"]),
        statement(
            "KeepState",
            ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            [f"{_bucket(backend)}{of_stack}.*", f"{_bucket(backend)}{of_stack}/*"],
        ),
        statement("Read", sorted({*_reads(run), *DATA_SOURCES}), ["*"]),
        *_bucket_reads(run, backend),
    ]
    return document(reading), document(list(_changes(run, backend)))


def open_ends(run: ProgramRun) -> Iterator[str]:
    """What the policies leave open, in words, because IAM cannot close it."""
    if run.of_type(KEY):
        yield (
            "keys have no names: they go by the tags of the settings. To tag a key while making "
            "it, the permission must cover all keys, so the role could tag another key as its own"
        )
        if not all(key.inputs.get("tags") for key in run.of_type(KEY)):
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
        arns = [arn for arn in resources(BUCKET, buckets, backend) if not arn.endswith("/*")]
        yield statement("ReadBucket", ACTIONS[BUCKET].read, arns)


def _types(run: ProgramRun) -> list[str]:
    types = dict.fromkeys(made.type for made in run.registrations if made.type.startswith("aws:"))
    for type_ in types:
        if type_ not in ACTIONS and type_ not in COVERED:
            raise UnknownTypeError(f"no IAM actions are known for {type_}: add them to ops/policy")
    return [type_ for type_ in types if type_ in ACTIONS]


def _changes(run: ProgramRun, backend: Backend) -> Iterator[Statement]:
    for type_ in sorted(_types(run), key=list(ACTIONS).index):
        registrations = run.of_type(type_)
        actions = ACTIONS[type_]
        condition = _tagged("aws:ResourceTag", registrations) if type_ == KEY else None
        # Putting a mute rule needs the right on every alarm that it names, too:
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAlarmMuteRule.html
        is_muted = type_ in (ALARM, COMPOSITE) and bool(run.of_type(MUTE_RULE))
        write = (*actions.write, *(["cloudwatch:PutAlarmMuteRule"] if is_muted else []))
        yield statement(actions.sid, write, resources(type_, registrations, backend), condition)
        if type_ == KEY:
            yield statement(
                "KeyCreation",
                ["kms:CreateKey", "kms:TagResource"],
                ["*"],
                _tagged("aws:RequestTag", registrations),
            )
        elif type_ == COMPOSITE:
            # "signed on with the cloudwatch:PutCompositeAlarm permission that is scoped to *":
            # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
            yield statement("IncidentsOfAllStacks", ["cloudwatch:PutCompositeAlarm"], ["*"])
        elif type_ == HEALTH_CHECK:
            yield statement("HealthCheckCreation", ["route53:CreateHealthCheck"], ["*"])
        elif type_ == ROLE:
            yield from _passed_roles(registrations, backend)
        elif type_ in CHANNEL_CREATION:
            yield statement(f"{actions.sid}Creation", [CHANNEL_CREATION[type_]], ["*"])
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
        yield statement(
            f"PassTo{name}",
            ["iam:PassRole"],
            resources(ROLE, trusted, backend),
            {"StringEquals": {"iam:PassedToService": service}},
        )


def _chat_service_role(backend: Backend) -> Statement:
    """The role by which Amazon Q Developer subscribes, made with an account's first channel.

    https://docs.aws.amazon.com/chatbot/latest/adminguide/slr-permissions.html
    """
    service = "management.chatbot.amazonaws.com"
    role = f"role/aws-service-role/{service}/AWSServiceRoleForAWSChatbot"
    return statement(
        "ChatServiceLinkedRole",
        ["iam:CreateServiceLinkedRole"],
        [f"{backend.prefix}:iam::{backend.account}:{role}"],
        {"StringEquals": {"iam:AWSServiceName": service}},
    )


def _tagged(key: str, registrations: Sequence[Registration]) -> Mapping[str, Any] | None:
    tags = dict(registrations[0].inputs.get("tags") or {})
    if not tags:
        return None
    return {"StringEquals": {f"{key}/{name}": value for name, value in tags.items()}}


def _state(backend: Backend, actions: list[str], paths: list[str]) -> list[Statement]:
    bucket = _bucket(backend)
    return [
        statement("ListState", ["s3:ListBucket"], [bucket]),
        statement("ReadBackend", actions, [f"{bucket}{path}" for path in paths]),
        statement("OpenSecrets", ["kms:Decrypt"], [backend.key]),
    ]


def _bucket(backend: Backend) -> str:
    return f"{backend.prefix}:s3:::{backend.bucket}"
