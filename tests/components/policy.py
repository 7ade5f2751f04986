"""Reads a policy as IAM would: whom it lets do what, under which conditions."""

import json
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

OPERATORS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "StringEquals": lambda value, pattern: value == pattern,
    "ArnEquals": fnmatchcase,
    "ArnLike": fnmatchcase,
}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    """A policy of statements that allow."""
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", **statement} for statement in statements],
    }


def statements(policy: str) -> list[dict[str, Any]]:
    """The statements of a policy document."""
    read = json.loads(policy)
    assert read["Version"] == "2012-10-17", "older versions have no policy variables"
    found: list[dict[str, Any]] = read["Statement"]
    return found


def allows(
    policy: str,
    principal: str | None,
    action: str,
    resource: str,
    context: Mapping[str, str] | None = None,
) -> bool:
    """Whether a request is let through.

    Args:
        policy: the policy document.
        principal: a service (``cloudwatch.amazonaws.com``) or the ARN of an account's root;
            ``None`` where the policy is a role's own and names none.
        action: such as ``SNS:Publish``.
        resource: the ARN of what is acted upon; any where a role is taken.
        context: the condition keys that the request carries; none for EventBridge.
    """
    return any(
        statement["Effect"] == "Allow"
        and (principal is None or principal in _principals(statement))
        and any(
            fnmatchcase(action.lower(), known.lower()) for known in _listed(statement["Action"])
        )
        and any(fnmatchcase(resource, known) for known in _listed(statement.get("Resource", "*")))
        and _conditions_met(statement.get("Condition", {}), context or {})
        for statement in statements(policy)
    )


def _principals(statement: Mapping[str, Any]) -> list[str]:
    principal = statement["Principal"]
    if isinstance(principal, str):
        return [principal]
    return [one for several in principal.values() for one in _listed(several)]


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _conditions_met(conditions: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    return all(
        key in context
        and any(OPERATORS[operator](context[key], pattern) for pattern in _listed(patterns))
        for operator, wanted in conditions.items()
        for key, patterns in wanted.items()
    )
