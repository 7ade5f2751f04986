"""Identifiers and file names that stay the same as long as what they name is the same."""

import hashlib
import re
from typing import Final

from ecs_monitoring.cloudwatch.alarm import AlarmAddress

_OTHER: Final = re.compile(r"[^a-z0-9]+")
_HASH_LENGTH: Final = 8


def stable_id(*parts: str, length: int = 40) -> str:
    """An identifier of lower-case letters, digits and hyphens, other than that of other parts.

    Args:
        parts: what is identified, such as project, stack and address.
        length: characters that it has at most.
    """
    mark = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_HASH_LENGTH]
    words = _OTHER.sub("-", parts[-1].lower()).strip("-")[: length - _HASH_LENGTH - 1].strip("-")
    return f"{words}-{mark}" if words else mark


def file_name(address: AlarmAddress, extension: str) -> str:
    """The name of an alarm's own file, such as ``ecs.cpu-high@web.json``.

    No address holds a ``+``, so that two never have the same name.
    """
    return f"{address.replace('/', '+')}.{extension}"
