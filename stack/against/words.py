"""How a change of one value reads, and what both sides of a comparison are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

PreviewJson = Mapping[str, Any]
"""A preview as ``python -m ops preview STACK --json`` prints it."""


def becomes(old: str, new: str) -> str:
    """``old becomes new``; empty where they are the same."""
    return "" if old == new else f"{old} becomes {new}"


def shown(value: str | Sequence[str]) -> str:
    """A field of a preview: a text, or names."""
    if isinstance(value, str):
        return value or "the stack's own"
    return "; ".join(value) or "nobody"


def short(arn: object) -> str:
    """The name at the end of an ARN."""
    return str(arn).rpartition(":")[2]


def field_changes(
    old: Mapping[str, Any], new: Mapping[str, Any], fields: Mapping[str, str]
) -> Iterator[str]:
    """The changes of some fields, each after what it is called.

    Args:
        old: a row of one preview.
        new: the same row of the other one.
        fields: field to what it is called.
    """
    for field, called in fields.items():
        change = becomes(shown(old[field]), shown(new[field]))
        if change:
            yield f"{called}: {change}"


def moved(old: Sequence[str], new: Sequence[str], more: str, less: str) -> Iterator[str]:
    """What has come and what has gone of some names, each after its words."""
    for words, here, there in ((more, new, old), (less, old, new)):
        if names := [name for name in here if name not in there]:
            yield f"{words} {shown(names)}"
