"""What the provider tells the engine of differences and of what went wrong."""

import contextlib
from collections.abc import Iterator
from typing import Any, Final, NoReturn

import grpc  # type: ignore[import-untyped]
from google.protobuf.any_pb2 import Any as AnyMessage  # type: ignore[import-untyped]
from pulumi.runtime.proto import provider_pb2, status_pb2

from sandbox.difference import ChangeKind, ResourceDifference
from sandbox.double import PartlyCreatedError
from sandbox.wire import Properties, secret_texts, to_struct, wrapped_as
from stack.program import SECRET

_KINDS: Final = {
    (ChangeKind.ADD, False): provider_pb2.PropertyDiff.ADD,
    (ChangeKind.ADD, True): provider_pb2.PropertyDiff.ADD_REPLACE,
    (ChangeKind.DELETE, False): provider_pb2.PropertyDiff.DELETE,
    (ChangeKind.DELETE, True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    (ChangeKind.UPDATE, False): provider_pb2.PropertyDiff.UPDATE,
    (ChangeKind.UPDATE, True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}

# Anything shorter turns up in every other word.
_SHORTEST_SECRET: Final = 3


@contextlib.contextmanager
def told(context: Any, *properties: Properties) -> Iterator[None]:
    """Have the engine told what went wrong, without the secrets that the call brought along."""
    try:
        yield
    except Exception as error:
        if context.code() is not None:
            # Already told in detail.
            raise
        context.abort(grpc.StatusCode.UNKNOWN, _without_secrets(str(error), *properties))


def _without_secrets(text: str, *properties: Properties) -> str:
    for secret in sorted(secret_texts(*properties), key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, SECRET)
    return text


def abort_partly(context: Any, error: PartlyCreatedError, wrapped: Properties) -> NoReturn:
    """Tell the engine that the resource is there but not complete, so that it keeps track of it."""
    reason = _without_secrets(str(error), wrapped)
    detail = AnyMessage()
    detail.Pack(
        provider_pb2.ErrorResourceInitFailed(
            id=error.id,
            properties=to_struct(wrapped_as(error.live.outputs, wrapped)),
            inputs=to_struct(wrapped_as(error.live.inputs, wrapped)),
            reasons=[reason],
        )
    )
    status = status_pb2.Status(
        code=grpc.StatusCode.UNKNOWN.value[0], message=reason, details=[detail]
    )
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, reason)
    raise AssertionError("abort always raises")


def diff_response(difference: ResourceDifference) -> Any:
    """A difference as the protocol has it."""
    response = provider_pb2.DiffResponse
    if not difference.changes:
        return response(changes=response.DIFF_NONE, hasDetailedDiff=True)
    return response(
        changes=response.DIFF_SOME,
        diffs=sorted(difference.properties),
        replaces=sorted(difference.replaces),
        deleteBeforeReplace=difference.delete_first,
        hasDetailedDiff=True,
        detailedDiff={
            path: provider_pb2.PropertyDiff(kind=_KINDS[kind, _top(path) in difference.replaces])
            for path, kind in difference.changes.items()
        },
    )


def _top(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]
