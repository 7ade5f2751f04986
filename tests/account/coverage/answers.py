"""Clients that give recorded answers to the calls that are expected, in their order."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.stub import Stubber  # type: ignore[import-untyped]

from tests.account.coverage.values import ACCOUNT, HOME

Answers = list[tuple[str, dict[str, Any], dict[str, Any]]]
"""Operation, the parameters that it must have, and the answer."""

ARN = f"arn:aws:{{service}}:{HOME}:{ACCOUNT}:{{rest}}"


@cache
def client(service: str) -> Any:
    return boto3.client(
        service, region_name=HOME, aws_access_key_id="testing", aws_secret_access_key="testing"
    )


@contextmanager
def answering(service: str, answers: Answers) -> Iterator[Any]:
    """A client that gives these answers to these calls, in this order."""
    with Stubber(client(service)) as stubber:
        for operation, expected, answer in answers:
            stubber.add_response(operation, answer, expected)
        yield client(service)
        stubber.assert_no_pending_responses()
