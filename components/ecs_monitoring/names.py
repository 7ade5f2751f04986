"""Names in AWS: no two stacks of an account share one, and each is as long as AWS takes it."""

import hashlib
import re
from typing import Final

import pulumi

_MARK_LENGTH: Final = 8
# What topics, queues, key aliases and dashboards all take.
_REFUSED: Final = re.compile(r"[^A-Za-z0-9_-]")
_UNJOINED: Final = re.compile(r"[A-Za-z0-9]+")
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKET_NAME_LENGTH: Final = 63


def of_stack(title: str, *, usual: str, own: str = "") -> str:
    """The beginning of a name in AWS: ``<title>-<project>-<stack>``.

    Joined by hyphens, project ``a-b`` with stack ``c`` and project ``a`` with stack ``b-c`` would
    be one name. With the usual title and a stack of letters and digits there is one way to read
    it; any other name ends with a mark of all its parts.

    Args:
        title: what the names are called.
        usual: the title that most stacks have.
        own: what tells a second component of the stack from the first.
    """
    project, stack = pulumi.get_project(), pulumi.get_stack()
    joined = "-".join(filter(None, (title, project, stack, own)))
    name = _REFUSED.sub("-", joined)
    if name == joined and title == usual and not own and _UNJOINED.fullmatch(stack):
        return name
    return f"{name}-{_mark(title, project, stack, own)}"


def own_part(name: str, usual: str) -> str:
    """What tells a component of the stack from the first one of its class; empty for that one.

    No second component may ask for the names in AWS that the first one has.

    Args:
        name: the component's name.
        usual: the name that the first one has.
    """
    return "" if name == usual else name.removeprefix(f"{usual}-")


def within(name: str, length: int) -> str:
    """The name where it is no longer, else its beginning and a mark of all of it.

    Args:
        name: any name.
        length: characters that AWS takes.
    """
    if len(name) <= length:
        return name
    return f"{name[: length - _MARK_LENGTH - 1]}-{_mark(name)}"


def of_bucket(name: str) -> str:
    """A name as S3 takes it: lower-case letters, digits and hyphens, and no more than 63.

    A name that has to be changed for that ends with a mark of what it was.
    """
    taken = name.lower().replace("_", "-")
    return within(taken if taken == name else f"{taken}-{_mark(name)}", _BUCKET_NAME_LENGTH)


def _mark(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_MARK_LENGTH]
