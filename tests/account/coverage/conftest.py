"""An emulated account for each test, and the calls that reach it."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.client import BaseClient  # type: ignore[import-untyped]
from botocore.exceptions import ClientError  # type: ignore[import-untyped]


@dataclass
class Calls:
    """The calls of all clients.

    Attributes:
        made: service and operation of each call, in order.
        refused: operations that are answered with AccessDenied instead.
    """

    made: list[tuple[str, str]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Notes every call, and refuses some; paginators' calls too."""
    noted = Calls()
    real = BaseClient._make_api_call

    def call(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        noted.made.append((client.meta.service_model.signing_name, operation))
        if operation in noted.refused:
            metadata = {"HTTPStatusCode": 403}
            denied = {"Code": "AccessDeniedException", "Message": f"not authorized: {operation}"}
            raise ClientError({"Error": denied, "ResponseMetadata": metadata}, operation)
        return real(client, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    return noted
