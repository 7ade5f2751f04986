"""IAM's documents: statements, how long they are, and how one too long becomes several."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

Statement = dict[str, Any]
Document = dict[str, Any]

POLICY_LENGTH: Final = 6144
"""Characters of a managed policy, white space not counted:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

ROLE_POLICIES: Final = 10
"""Managed policies that a role takes by default; the same source."""

MOST_ROLE_POLICIES: Final = 20
"""Those that it takes at most, where the quota was raised; the same source."""


def statement(
    sid: str,
    actions: Sequence[str],
    resources: Sequence[str],
    condition: Mapping[str, Any] | None = None,
) -> Statement:
    """What allows some actions on some resources."""
    allowed: Statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": list(resources),
    }
    return {**allowed, "Condition": dict(condition)} if condition else allowed


def document(statements: Sequence[Statement]) -> Document:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def length(policy: Document) -> int:
    """The characters that IAM counts."""
    return len(json.dumps(policy, separators=(",", ":")))


def parts(policy: Document) -> list[Document]:
    """The policy as documents that each fit into a managed policy; mostly one.

    It is cut between statements, and where one of them is too long by itself, between its
    resources. All together allow what the whole one does.
    """
    cut: list[list[Statement]] = [[]]
    for whole in policy["Statement"]:
        for piece in _pieces(whole):
            if cut[-1] and length(document([*cut[-1], piece])) > POLICY_LENGTH:
                cut.append([])
            cut[-1].append(piece)
    return [document(statements) for statements in cut]


def _pieces(whole: Statement) -> Iterator[Statement]:
    """A statement as ones that each fit into a document of their own."""
    pieces = [whole["Resource"]]
    while any(len(resources) > 1 and not _fits(whole, resources) for resources in pieces):
        pieces = [half for resources in pieces for half in _halves(whole, resources)]
    for number, resources in enumerate(pieces, start=1):
        sid = whole["Sid"] if number == 1 else f"{whole['Sid']}{number}"
        yield {**whole, "Sid": sid, "Resource": resources}


def _halves(whole: Statement, resources: list[str]) -> list[list[str]]:
    if _fits(whole, resources) or len(resources) == 1:
        return [resources]
    middle = len(resources) // 2
    return [resources[:middle], resources[middle:]]


def _fits(whole: Statement, resources: list[str]) -> bool:
    return length(document([{**whole, "Resource": resources}])) <= POLICY_LENGTH - _NUMBER


_NUMBER: Final = 4
"""Characters for the number that a piece's name may end with."""
