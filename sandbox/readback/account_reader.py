"""Where read-backs look, and what they compare."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.clients import Clients

Compared = tuple[Mapping[str, Any], Mapping[str, Any]]
"""What a resource was registered with, and what the API says, both in the same words."""


@dataclass(frozen=True)
class AccountReader:
    """Where to look.

    Attributes:
        clients: what reaches the API.
        region: the stack's region; a resource's own region wins.
    """

    clients: Clients
    region: str

    def client(self, service: str, inputs: Mapping[str, Any]) -> Any:
        """The client of a service where a resource is."""
        return self.clients.client(service, inputs.get("region") or self.region)


Compare = Callable[[AccountReader, Mapping[str, Any]], Compared]
"""Compares a resource of one type with what the API says, from its registered inputs."""


def nothing(what: str, name: str) -> Any:
    """Say that the API knows no such thing.

    Raises:
        LookupError: always.
    """
    raise LookupError(f"there is no {what} {name} at the API")
