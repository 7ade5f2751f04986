"""Where a task finds its AWS credentials, without the AWS SDK.

In environment variables, or at the address that ECS names in one of them:
https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
"""

import json
import os
import time
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

_ECS_HOST: Final = "http://169.254.170.2"

_EARLY: Final = 300.0
"""Seconds before their end after which credentials are fetched anew."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who signs a request."""

    key: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)
    expires: float = float("inf")
    """Seconds since 1970."""


class NoCredentialsError(Exception):
    """Neither the environment nor the container has AWS credentials."""


class CredentialChain:
    """The process's credentials, kept until they are about to expire."""

    def __init__(self) -> None:
        self._kept: Credentials | None = None

    def get(self, timeout: float) -> Credentials:
        """The credentials of the environment, or of the container.

        Args:
            timeout: seconds that fetching them may take.

        Raises:
            NoCredentialsError: there are none.
            OSError: the container's address does not answer.
        """
        kept = self._kept
        if kept is None or kept.expires - _EARLY < time.time():
            kept = self._kept = _from_environment() or _from_container(timeout)
        return kept


def _from_environment() -> Credentials | None:
    key = os.environ.get("AWS_ACCESS_KEY_ID")
    secret = os.environ.get("AWS_SECRET_ACCESS_KEY")
    if not key or not secret:
        return None
    return Credentials(key, secret, os.environ.get("AWS_SESSION_TOKEN", ""))


def _from_container(timeout: float) -> Credentials:
    relative = os.environ.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
    full = os.environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    address = f"{_ECS_HOST}{relative}" if relative else full
    if not address:
        raise NoCredentialsError(
            "no AWS credentials: give the task a role (ECS then sets "
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI), or set AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY"
        )
    request = urllib.request.Request(address, headers=_authorization())
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        answered = json.load(answer)
    return Credentials(
        answered["AccessKeyId"],
        answered["SecretAccessKey"],
        answered.get("Token", ""),
        datetime.fromisoformat(answered["Expiration"]).timestamp(),
    )


def _authorization() -> dict[str, str]:
    file = os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
    token = Path(file).read_text().strip() if file else None
    token = token or os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    return {"Authorization": token} if token else {}
