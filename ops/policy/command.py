"""``python -m ops policy``: arguments, what is printed, exit codes."""

import argparse
import re
from collections.abc import Mapping
from typing import Any, Final

from account.iam.resources import Backend
from account.iam.statements import MOST_ROLE_POLICIES, ROLE_POLICIES, Document, parts
from ecs_monitoring.catalog.regions import partition_of
from ops.arguments import add_changes
from ops.terminal import ExitCode, complain, print_json
from stack.config import StackConfig, read_stack_config
from stack.placeholder_aws import PlaceholderAws
from stack.program import ProgramRun, run_program

DESCRIPTION: Final = """\
Print the IAM policies of those who preview, deploy and operate a stack, for exactly what the stack
registers. Asks no account. What IAM cannot close is said on the standard error."""
"""The command's help."""

EPILOG: Final = """\
exit codes: 0 done; 2 wrong settings or arguments, or more policies than a role can have

examples:
  python -m ops policy prod --account 111122223333 --bucket example-pulumi-state \\
      --secrets-key arn:aws:kms:ap-northeast-1:111122223333:key/ID-OF-PULUMI-SECRETS
  python -m ops policy prod --account 111122223333 --only operator

It prints one JSON object with the documents "preview", "deploy-read", "deploy" and "operator" (for
whoever runs drill, mute, history, review and preview --verify). One that is too long for a managed
policy is cut: "deploy", "deploy-2", … all belong into the role. One document alone, as
`aws iam create-policy --policy-document` takes it, with --only."""
"""The end of the command's help."""

_OPERATOR: Final = "operator"
_ROLES: Final = {
    "the preview role": ("preview",),
    "the deploy role": ("deploy-read", "deploy"),
    "an operator's role": (_OPERATOR,),
}
_KEY: Final = re.compile(r"arn:(?P<partition>aws[a-z-]*):kms:[a-z0-9-]+:\d{12}:key/[\w-]+")
_DOCUMENT: Final = re.compile(r"(?P<name>preview|deploy-read|deploy|operator)(-[1-9]\d*)?")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("stack", help="the stack, such as prod: reads Pulumi.<stack>.yaml")
    parser.add_argument(
        "--account", required=True, type=_account, metavar="ID", help="the stack's account"
    )
    parser.add_argument(
        "--bucket",
        metavar="NAME",
        help="the bucket of Pulumi's state; an operator needs none",
    )
    parser.add_argument(
        "--secrets-key",
        type=_key,
        metavar="ARN",
        help="the KMS key of the stack's secrets provider; an operator needs none",
    )
    parser.add_argument(
        "--only",
        type=_document,
        metavar="DOCUMENT",
        help="one document alone: preview, deploy-read, deploy or operator, or a further part of "
        "one, such as deploy-2",
    )
    add_changes(parser)


def main(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code.

    Raises:
        StackConfigError: no such stack, or a change that cannot be applied.
        pulumi.RunError: the settings are wrong.
    """
    # Only here: the account's readers, whose permissions these are, bring boto3.
    from account.iam.documents import open_ends

    is_operator = (arguments.only or "").startswith(_OPERATOR)
    if not is_operator and not (arguments.bucket and arguments.secrets_key):
        complain("policy: write --bucket and --secrets-key; --only operator does without")
        return ExitCode.REFUSED
    config = read_stack_config(arguments.stack, settings=arguments.changes)
    backend = _backend(config, arguments)
    run = run_program(config, mocks=PlaceholderAws(config.region, account=backend.account))
    whole = _documents(run, backend, is_operator=is_operator)
    documents = {
        f"{name}-{number}" if number > 1 else name: part
        for name, policy in whole.items()
        for number, part in enumerate(parts(policy), start=1)
    }
    refusal = _refusal(documents, arguments.only)
    if refusal:
        complain(f"policy: {refusal}")
        return ExitCode.REFUSED
    print_json(documents[arguments.only] if arguments.only else documents)
    if not is_operator:
        for words in open_ends(run):
            complain(f"left open: {words}")
    for words in _of_length(documents):
        complain(words)
    return ExitCode.DONE


def _backend(config: StackConfig, arguments: argparse.Namespace) -> Backend:
    match = _KEY.fullmatch(arguments.secrets_key or "")
    return Backend(
        project=config.project,
        stack=config.stack,
        account=arguments.account,
        partition=match["partition"] if match else partition_of(config.region).name,
        bucket=arguments.bucket or "",
        key=arguments.secrets_key or "",
    )


def _documents(run: ProgramRun, backend: Backend, *, is_operator: bool) -> dict[str, Document]:
    """The whole documents by name, in the order in which they are printed."""
    from account.iam.documents import deploy_policies, preview_policy
    from account.iam.operator import operator_policy

    operator = {_OPERATOR: operator_policy(run, backend)}
    if is_operator:
        return operator
    reading, changing = deploy_policies(run, backend)
    preview = preview_policy(run, backend)
    return {"preview": preview, "deploy-read": reading, "deploy": changing, **operator}


def _refusal(documents: Mapping[str, Any], only: str | None) -> str:
    """Why the documents cannot be what is wanted; empty where they can."""
    if only is not None and only not in documents:
        return f"--only {only}: there is no such document; write one of: {', '.join(documents)}"
    for role, names in _by_role(documents).items():
        if len(names) > MOST_ROLE_POLICIES:
            return (
                f"{role} would need {len(names)} managed policies, and a role takes at most "
                f"{MOST_ROLE_POLICIES}: make several stacks of this one"
            )
    return ""


def _of_length(documents: Mapping[str, Any]) -> list[str]:
    """What is to be known of documents in several parts."""
    told = []
    for role, names in _by_role(documents).items():
        if len(names) > len(_ROLES[role]):
            told.append(
                f"{role} needs {', '.join(names)}: what is too long for one managed policy is cut"
            )
        if len(names) > ROLE_POLICIES:
            told.append(
                f"{role} needs {len(names)} managed policies, and a role takes {ROLE_POLICIES} "
                f"until its quota is raised (to {MOST_ROLE_POLICIES} at most)"
            )
    return told


def _by_role(documents: Mapping[str, Any]) -> dict[str, list[str]]:
    """Role to the names of the documents that it needs."""
    by_role: dict[str, list[str]] = {}
    for name in documents:
        whole = _document(name, part=False)
        role = next(role for role, names in _ROLES.items() if whole in names)
        by_role.setdefault(role, []).append(name)
    return by_role


def _document(text: str, *, part: bool = True) -> str:
    """A document's name as it is written; without the number of its part if so wanted."""
    match = _DOCUMENT.fullmatch(text)
    if not match:
        raise argparse.ArgumentTypeError("write preview, deploy-read, deploy or operator")
    return text if part else match["name"]


def _account(text: str) -> str:
    if not re.fullmatch(r"\d{12}", text):
        raise argparse.ArgumentTypeError("write the 12 digits of an account, such as 111122223333")
    return text


def _key(text: str) -> str:
    if not _KEY.fullmatch(text):
        raise argparse.ArgumentTypeError(
            "write a key's ARN, such as arn:aws:kms:ap-northeast-1:111122223333:key/ID"
        )
    return text
