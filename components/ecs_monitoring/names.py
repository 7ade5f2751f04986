"""Names in AWS that are as long as AWS takes them, and no two alike."""

import hashlib

_MARK_LENGTH = 8


def within(name: str, length: int) -> str:
    """The name where it is no longer, else its beginning and a mark of all of it.

    Args:
        name: any name.
        length: characters that AWS takes.
    """
    if len(name) <= length:
        return name
    mark = hashlib.sha256(name.encode()).hexdigest()[:_MARK_LENGTH]
    return f"{name[: length - _MARK_LENGTH - 1]}-{mark}"
