"""Whether a resource policy lets a CloudWatch alarm in.

A document is read as IAM reads it: a matching ``Deny`` wins, otherwise one matching ``Allow``
is enough. A condition key that the request does not carry fails every operator, except the
negated ones (``StringNotEquals``), ``…IfExists``, ``ForAllValues:`` and ``Null``:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html

CloudWatch alarms carry ``aws:SourceAccount`` and ``aws:SourceArn``:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
``aws:SourceOwner`` is what the policy that SNS gives a new topic asks for, which alarms meet:
https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html

Keys that a request carries with a value unknown here (an organization's id, the time, KMS's own
keys) are given the benefit of the doubt: the drill itself shows whether they hold.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

CLOUDWATCH: Final = "cloudwatch.amazonaws.com"
"""The service principal of CloudWatch alarms."""

_UNKNOWN_VALUES: Final = ("aws:sourceorg", "aws:currenttime", "aws:epochtime", "kms:")


def lets_alarm_in(policy: str, *, action: str, resource: str, alarm: str) -> bool:
    """Whether an alarm may do something.

    Args:
        policy: the policy document, JSON.
        action: such as ``sns:Publish``.
        resource: the ARN of the topic or key.
        alarm: the alarm's ARN.
    """
    context = _request(alarm)
    statements = json.loads(policy).get("Statement", [])
    statements = [statements] if isinstance(statements, dict) else statements
    effects = {
        statement["Effect"]
        for statement in statements
        if _is_named(statement)
        and _covers(statement, "Action", action.lower())
        and _covers(statement, "Resource", resource)
        and _applies(statement, context)
    }
    return effects == {"Allow"}


def _request(alarm: str) -> dict[str, str]:
    account = alarm.split(":")[4]
    return {
        "aws:sourceaccount": account,
        "aws:sourceowner": account,
        "aws:sourcearn": alarm,
        "aws:principalisawsservice": "true",
        "aws:principalservicename": CLOUDWATCH,
        "aws:securetransport": "true",
        "aws:viaawsservice": "false",
    }


def _is_named(statement: Mapping[str, Any]) -> bool:
    """Whether the statement is about CloudWatch, by name or as anyone."""
    if "NotPrincipal" in statement:
        return not _names_cloudwatch(statement["NotPrincipal"])
    return _names_cloudwatch(statement.get("Principal", {}))


def _names_cloudwatch(principal: Any) -> bool:
    if principal == "*":
        return True
    return "*" in _listed(principal.get("AWS", ())) or any(
        service in ("*", CLOUDWATCH) for service in _listed(principal.get("Service", ()))
    )


def _covers(statement: Mapping[str, Any], element: str, value: str) -> bool:
    """Whether an element or its ``Not…`` form includes a value; no element includes all."""
    fold = str.lower if element == "Action" else str
    if f"Not{element}" in statement:
        return not any(
            _like(fold(pattern), value) for pattern in _listed(statement[f"Not{element}"])
        )
    return any(_like(fold(pattern), value) for pattern in _listed(statement.get(element, "*")))


def _applies(statement: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    """Whether every condition is met."""
    return all(
        statement["Effect"] == "Allow"
        if key.lower().startswith(_UNKNOWN_VALUES)
        else _is_met(operator.lower(), _listed(wanted), context.get(key.lower()))
        for operator, keys in statement.get("Condition", {}).items()
        for key, wanted in keys.items()
    )


def _is_met(operator: str, wanted: list[str], value: str | None) -> bool:
    qualifier, _, plain = operator.rpartition(":")
    base = plain.removesuffix("ifexists")
    if base == "null":
        return (value is None) == (wanted == ["true"])
    negated = "not" in base
    if value is None:
        if qualifier == "foranyvalue":
            return False
        return negated or base != plain or qualifier == "forallvalues"
    return any(_compare(base.replace("not", ""), value, expected) for expected in wanted) != negated


def _compare(operator: str, value: str, wanted: str) -> bool:
    match operator:
        case "stringequals":
            return value == wanted
        case "stringequalsignorecase" | "bool":
            return value.lower() == wanted.lower()
        case "stringlike":
            return _like(wanted, value)
        case "arnequals" | "arnlike":
            return _arn_like(wanted, value)
        case _:
            return False


def _arn_like(pattern: str, arn: str) -> bool:
    """Each of the six parts is compared by itself."""
    patterns, parts = pattern.split(":", 5), arn.split(":", 5)
    if pattern == "*":
        return True
    return len(patterns) == len(parts) and all(map(_like, patterns, parts))


def _like(pattern: str, value: str) -> bool:
    """``*`` stands for any characters, ``?`` for one."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, value, re.DOTALL) is not None


def _listed(value: Any) -> list[str]:
    several = value if isinstance(value, list | tuple) else [value]
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in several]
