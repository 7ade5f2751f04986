"""``python -m ops policy``: arguments, what is printed, exit codes."""

import argparse
import json
import re
from typing import Any, Final

from ops.terminal import ExitCode, complain, print_json
from stack.config import read_stack_config
from stack.program import PlaceholderAws, run_program

DESCRIPTION: Final = """\
Print the IAM policies of the roles that preview and deploy a stack, for exactly what the stack
registers. Asks no account. What IAM cannot close is said on the standard error."""
"""The command's help."""

EPILOG: Final = """\
exit codes: 0 done; 2 wrong settings or arguments

example:
  python -m ops policy prod --account 111122223333 --bucket example-pulumi-state \\
      --secrets-key arn:aws:kms:ap-northeast-1:111122223333:key/ID-OF-PULUMI-SECRETS

It prints one JSON object with the documents "preview", "deploy-read" and "deploy"; one of them
alone, as `aws iam create-policy --policy-document` takes it, with --only."""
"""The end of the command's help."""

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_MANAGED_POLICY_LENGTH: Final = 6144
_ROLE_POLICY_LENGTH: Final = 10_240

_DOCUMENTS: Final = ("preview", "deploy-read", "deploy")
_KEY: Final = re.compile(r"arn:(?P<partition>aws[a-z-]*):kms:[a-z0-9-]+:\d{12}:key/[\w-]+")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("stack", help="the stack, such as prod: reads Pulumi.<stack>.yaml")
    parser.add_argument(
        "--account", required=True, type=_account, metavar="ID", help="the stack's account"
    )
    parser.add_argument(
        "--bucket", required=True, metavar="NAME", help="the bucket of Pulumi's state"
    )
    parser.add_argument(
        "--secrets-key",
        required=True,
        type=_key,
        metavar="ARN",
        help="the KMS key of the stack's secrets provider",
    )
    parser.add_argument("--only", choices=_DOCUMENTS, help="one document alone")


def main(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code.

    Raises:
        StackConfigError: no such stack.
        pulumi.RunError: the settings are wrong.
    """
    # Only here: the account's readers, whose permissions these are, bring boto3.
    from ops.policy.documents import Backend, deploy_policies, open_ends, preview_policy

    config = read_stack_config(arguments.stack)
    match = _KEY.fullmatch(arguments.secrets_key)
    assert match is not None
    backend = Backend(
        project=config.project,
        stack=config.stack,
        account=arguments.account,
        partition=match["partition"],
        bucket=arguments.bucket,
        key=arguments.secrets_key,
    )
    aws = PlaceholderAws(config.region, account=backend.account)
    run = run_program(config, mocks=aws)
    found = dict(
        zip(_DOCUMENTS, (preview_policy(run, backend), *deploy_policies(run, backend)), strict=True)
    )
    print_json(found[arguments.only] if arguments.only else found)
    for words in open_ends(run):
        complain(f"left open: {words}")
    for name, document in found.items():
        _say_if_too_long(name, document)
    return ExitCode.DONE


def _say_if_too_long(name: str, document: dict[str, Any]) -> None:
    # IAM counts no white space.
    length = len(json.dumps(document, separators=(",", ":")))
    if length > _MANAGED_POLICY_LENGTH:
        complain(
            f"too long for a managed policy: {name} has {length:,} characters and one takes "
            f"{_MANAGED_POLICY_LENGTH:,}; put it into the role itself with aws iam "
            f"put-role-policy, where all policies together have {_ROLE_POLICY_LENGTH:,}"
        )


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
