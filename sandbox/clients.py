"""boto3 clients that reach the emulator and nothing else."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any, Final

import boto3  # type: ignore[import-untyped]
import botocore.config  # type: ignore[import-untyped]
import botocore.session  # type: ignore[import-untyped]

from sandbox.chatbot import Chatbot
from sandbox.constraints import check_request
from sandbox.dropped import DroppedFields
from sandbox.mute_rules import MuteRules

# The user's own profile, files and data must not matter: each is set to what is never there.
_NOTHING_OF_THE_USERS: Final = {
    name: (None, None, value, None)
    for name, value in {
        "profile": None,
        "region": None,
        "config_file": "/nonexistent",
        "credentials_file": "/nonexistent",
        "ca_bundle": None,
        "data_path": None,
    }.items()
}

_CONFIG: Final = botocore.config.Config(
    connect_timeout=5,
    read_timeout=30,
    retries={"mode": "standard", "total_max_attempts": 2},
    proxies={},
    # The double's calls come from as many threads as the engine has operations under way.
    max_pool_connections=32,
    use_fips_endpoint=False,
    use_dualstack_endpoint=False,
)

_FAULT: Final = 500

ACCOUNT: Final = "123456789012"
"""The account that moto says it is."""

CallHook = Callable[[], Exception | None]
"""Runs before a call; the exception that it returns, if any, is raised instead of the call."""


class Clients:
    """boto3 clients with dummy credentials, one a service and region, for any thread.

    Args:
        url: the emulator's address.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.RLock()
        self._clients: dict[tuple[str, str], Any] = {}
        self._hooks: dict[str, CallHook] = {}
        self._dropped = DroppedFields()
        self._mute_rules = MuteRules(ACCOUNT)
        self._chatbot = Chatbot(ACCOUNT, lambda region: self.client("sns", region))
        session = botocore.session.Session(session_vars=_NOTHING_OF_THE_USERS)
        self._session = boto3.Session(
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",
            region_name="us-east-1",
            botocore_session=session,
        )

    def client(self, service: str, region: str) -> Any:
        """The client of a service (``cloudwatch``, ``sns``, …) in a region."""
        with self._lock:
            if (service, region) not in self._clients:
                client = self._session.client(
                    service, region_name=region, endpoint_url=self._url, config=_CONFIG
                )
                client.meta.events.register("before-parameter-build", check_request)
                client.meta.events.register("before-call", self._before_call)
                client.meta.events.register("after-call", _after_call)
                if service == "cloudwatch":
                    self._dropped.watch(client)
                    self._mute_rules.answer_for(client)
                elif service == "chatbot":
                    self._chatbot.answer_for(client)
                self._clients[service, region] = client
            return self._clients[service, region]

    def forget(self) -> None:
        """Forget what the emulator does not keep itself."""
        self._mute_rules.forget()
        self._chatbot.forget()

    def region_name(self, region: str) -> str:
        """A region as AWS writes it for people, such as ``Asia Pacific (Tokyo)``."""
        for partition in self._session._session.get_data("endpoints")["partitions"]:
            if region in partition["regions"]:
                return str(partition["regions"][region]["description"])
        return region

    def partition(self, region: str) -> str:
        """The partition that a region is in, as the AWS SDK knows it.

        Raises:
            ValueError: there is no such region.
        """
        try:
            return str(self._session.get_partition_for_region(region))
        except botocore.exceptions.UnknownRegionError:
            raise ValueError(f"there is no AWS region {region!r}") from None

    @contextlib.contextmanager
    def hooked(self, operation: str, hook: CallHook) -> Iterator[None]:
        """Have a hook run before every call of an operation, such as ``PutMetricAlarm``."""
        self._hooks[operation] = hook
        try:
            yield
        finally:
            del self._hooks[operation]

    def _before_call(self, model: Any, **_: Any) -> None:
        hook = self._hooks.get(model.name)
        error = hook() if hook else None
        if error is not None:
            raise error


class EmulatorFault(Exception):  # noqa: N818 (it is no error of the caller's)
    """The emulator cannot do what it was asked; the message says what and why."""


def _after_call(http_response: Any, model: Any, **_: Any) -> None:
    if http_response.status_code == _FAULT:
        why = http_response.text.strip().splitlines()
        raise EmulatorFault(
            f"the emulator cannot do {model.name}: {why[0] if why else 'no reason'}"
        )


def error_code(error: Exception) -> str:
    """The code of an AWS error, such as ``NotFound``; empty for any other exception."""
    if isinstance(error, botocore.exceptions.ClientError):
        return str(error.response["Error"]["Code"])
    return ""


AwsError = botocore.exceptions.ClientError
"""What a client raises when AWS answers with an error."""
