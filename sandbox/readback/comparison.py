"""Compares what the program registered with what the API returns, resource by resource.

This is another way to look than the handlers' own: it starts from the registered inputs and asks
the API by name, so that a handler that loses a property is found out.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sandbox.clients import AwsError
from sandbox.readback import alarms, events, messages, sources, streams
from sandbox.readback.account_reader import AccountReader, Compare
from stack.program import SECRET, Registration

_COMPARE: Final[Mapping[str, Compare]] = {
    **alarms.COMPARE,
    **events.COMPARE,
    **messages.COMPARE,
    **sources.COMPARE,
    **streams.COMPARE,
}


def differences(account: AccountReader, registrations: Iterable[Registration]) -> list[str]:
    """Every property that the API returns otherwise than it was registered, in words."""
    lines = []
    for registration in registrations:
        compare = _COMPARE.get(registration.type)
        if compare is None:
            continue
        try:
            registered, live = compare(account, registration.inputs)
            registered = {**registered, **_registered_tags(registration.inputs)}
        except (LookupError, AwsError) as error:
            lines.append(f"{registration.name}: {error}")
            continue
        lines += [
            f"{registration.name}.{name}: registered {_shown(value, name, registration)}, "
            f"the API returns {_shown(live.get(name), name, registration)}"
            for name, value in registered.items()
            if live.get(name) != value
        ]
    return lines


def compared(registrations: Iterable[Registration]) -> int:
    """How many of the registrations can be compared."""
    return sum(registration.type in _COMPARE for registration in registrations)


def not_compared(registrations: Iterable[Registration]) -> list[str]:
    """Names of the registrations that cannot be compared."""
    return sorted(r.name for r in registrations if r.custom and r.type not in _COMPARE)


def _registered_tags(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The tags that a resource was registered with, the provider's default ones included."""
    tags = inputs.get("tagsAll", inputs.get("tags"))
    return {} if tags is None else {"tags": tags}


def _shown(value: Any, name: str, registration: Registration) -> str:
    return SECRET if name in registration.secret_inputs else repr(value)
