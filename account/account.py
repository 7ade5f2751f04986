"""The AWS account that a tool works in: who asks, clients by region, commands to type instead."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self, TypeVar
from urllib.parse import urlsplit

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]

from account.throttling import is_throttled, keep_asking

AWS_ERRORS: Final = (BotoCoreError, ClientError)
"""What boto3 raises: AWS refused, or could not be asked."""

# SQS answers a long poll after 20 seconds at most.
_CONFIG: Final = Config(
    connect_timeout=5,
    read_timeout=30,
    retries={"mode": "standard", "total_max_attempts": 4},
)


# https://docs.aws.amazon.com/general/latest/gr/rande.html
_AWS_DOMAINS: Final = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Whose credentials are used.

    Attributes:
        arn: the user or the role's session.
        account: the account's id.
        partition: ``aws``, ``aws-cn`` or ``aws-us-gov``.
    """

    arn: str
    account: str
    partition: str


@dataclass(frozen=True, kw_only=True)
class CommandLine:
    """The AWS CLI with the options that reach the same place as the tool.

    Attributes:
        profile: of the AWS configuration, if not the default.
        endpoint_url: of an emulator, if not AWS itself.
    """

    profile: str | None
    endpoint_url: str | None

    def command(self, *words: str, region: str) -> str:
        """A command as it can be pasted into a shell.

        Args:
            words: what stands after ``aws``.
            region: the region's name.
        """
        options = {
            "--region": region,
            "--profile": self.profile,
            "--endpoint-url": self.endpoint_url,
        }
        given = [word for option, value in options.items() if value for word in (option, value)]
        return shlex.join(["aws", *words, *given])


@dataclass(frozen=True, kw_only=True)
class Region:
    """One region of the account.

    Attributes:
        name: such as ``ap-northeast-1``.
        caller: whose credentials are used.
        command_line: the same place for people.
        cloudwatch: boto3 client.
        sns: boto3 client.
        sqs: boto3 client.
        kms: boto3 client.
        tagging: boto3 client of the Resource Groups Tagging API; ``None`` without one.
    """

    name: str
    caller: Caller
    command_line: CommandLine
    cloudwatch: Any
    sns: Any
    sqs: Any
    kms: Any
    tagging: Any = None

    @property
    def emulator(self) -> str:
        """The endpoint that answers instead of AWS; empty where AWS does."""
        endpoint = str(self.cloudwatch.meta.endpoint_url)
        host = urlsplit(endpoint).hostname or ""
        return "" if host.endswith(_AWS_DOMAINS) else endpoint

    def command(self, *words: str) -> str:
        """An AWS CLI command in this region."""
        return self.command_line.command(*words, region=self.name)


class Account:
    """Credentials and where they lead.

    Args:
        session: a boto3 session.
        command_line: the same place for people.
    """

    def __init__(self, session: Any, command_line: CommandLine) -> None:
        self._session = session
        self._command_line = command_line

    @classmethod
    def opened(cls, profile: str | None, endpoint_url: str | None) -> Self:
        """Open an account by profile; the environment's credentials without one.

        Raises:
            botocore.exceptions.BotoCoreError: no such profile.
        """
        session = boto3.Session(profile_name=profile)
        return cls(session, CommandLine(profile=profile, endpoint_url=endpoint_url))

    def caller(self, region: str) -> Caller:
        """Ask AWS whose credentials these are.

        Raises:
            botocore.exceptions.BotoCoreError: no credentials, or AWS cannot be reached.
            botocore.exceptions.ClientError: the credentials are not valid.
        """
        answer = self.client("sts", region).get_caller_identity()
        return Caller(
            arn=answer["Arn"],
            account=answer["Account"],
            partition=self._session.get_partition_for_region(region),
        )

    def region(self, name: str, caller: Caller) -> Region:
        """The clients of a region."""
        return Region(
            name=name,
            caller=caller,
            command_line=self._command_line,
            cloudwatch=self.client("cloudwatch", name),
            sns=self.client("sns", name),
            sqs=self.client("sqs", name),
            kms=self.client("kms", name),
            tagging=self.client("resourcegroupstaggingapi", name),
        )

    def client(self, service: str, region: str) -> Any:
        """The boto3 client of a service, such as ``ecs``, in a region."""
        return keep_asking(
            self._session.client(
                service,
                region_name=region,
                endpoint_url=self._command_line.endpoint_url,
                config=_CONFIG,
            )
        )


def error_code(error: Exception) -> str:
    """AWS's code of an error, such as ``NotFound``; empty for errors that AWS did not answer."""
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else ""


def is_refusal(error: Exception) -> bool:
    """Whether AWS answered that it did not do what was asked.

    Without an answer, or where a later try was turned away as one too many, it may have done it.
    """
    return (
        isinstance(error, ClientError)
        and 400 <= error.response["ResponseMetadata"]["HTTPStatusCode"] < 500
        and not is_throttled(error_code(error))
    )


T = TypeVar("T")

_LONGEST: Final = 300
"""Characters of AWS's message that are repeated; a proxy may answer with a whole page."""


def every_item(client: Any, operation: str, key: str, **request: Any) -> Iterator[Any]:
    """Every item that an operation lists, page after page.

    Args:
        client: boto3 client.
        operation: such as ``list_clusters``.
        key: what a page has the items under, such as ``clusterArns``.
        request: the operation's parameters.

    Raises:
        botocore.exceptions.ClientError: AWS refuses to tell.
        botocore.exceptions.BotoCoreError: AWS cannot be reached.
    """
    for page in client.get_paginator(operation).paginate(**request):
        yield from page[key]


def in_batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Items as they are asked for together, where a request takes so many at most."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


class Attempts:
    """What was asked of one region.

    Attributes:
        region: the region's name.
        notes: what could not be looked at, and why, in words.
    """

    def __init__(self, region: str) -> None:
        self.region = region
        self.notes: list[str] = []

    def of(self, what: str, ask: Callable[[], T]) -> T | None:
        """What AWS answers; ``None``, and a note, where it refuses or cannot be reached.

        Args:
            what: what is asked for, for the note.
            ask: asks.
        """
        try:
            return ask()
        except AWS_ERRORS as error:
            said = " ".join(str(error).split())
            shown = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
            self.note(f"{what} could not be looked at: {shown}")
            return None

    def note(self, words: str) -> None:
        """Keep something worth knowing about the region."""
        self.notes.append(f"{self.region}: {words}")
