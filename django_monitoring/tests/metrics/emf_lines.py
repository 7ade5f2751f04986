"""Checks metric lines against AWS's specification and the guide's log filters.

``emf_schema.json`` is the schema of the specification, word for word:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
(section "Embedded metric format example and JSON schema").
"""

import json
import re
from collections.abc import Iterable, Mapping
from math import isfinite
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from ecs_monitoring.cloudwatch.log_pattern import matches, parse_pattern

SCHEMA = json.loads((Path(__file__).parent / "emf_schema.json").read_text())

# The "$id"s of the specification are fragments, which is no longer allowed, and nothing refers
# to them.
_VALIDATOR = Draft202012Validator(json.loads(re.sub(r'"\$id": "[^"]*",?', "", json.dumps(SCHEMA))))

GUIDE_PATTERNS = tuple(
    parse_pattern(pattern)
    for pattern in (
        "?ERROR ?Error ?error",
        "?Exception ?exception ?EXCEPTION",
        "?DatabaseError ?IntegrityError ?OperationalError",
        "?Unauthorized ?Forbidden ?CSRF",
    )
)


def checked_line(line: bytes) -> Mapping[str, Any]:
    """The document of a line that is as it must be."""
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert len(line) <= 4096
    text = line.decode("ascii")
    for pattern in GUIDE_PATTERNS:
        assert not matches(pattern, text), text
    document: Mapping[str, Any] = json.loads(text, parse_constant=_no_constant)
    _VALIDATOR.validate(document)
    for directive in document["_aws"]["CloudWatchMetrics"]:
        _check_directive(document, directive)
    return document


def metric_documents(output: bytes) -> list[Mapping[str, Any]]:
    """The documents of a process's output, in which other lines may stand."""
    return [
        checked_line(line)
        for line in output.splitlines(keepends=True)
        if line.startswith(b'{"_aws"')
    ]


def published_names(documents: Iterable[Mapping[str, Any]]) -> set[tuple[str, frozenset[str]]]:
    """Every metric with the names of the dimensions by which it is published."""
    return {
        (metric["Name"], frozenset(dimensions))
        for document in documents
        for directive in document["_aws"]["CloudWatchMetrics"]
        for metric in directive["Metrics"]
        for dimensions in directive["Dimensions"]
    }


def _check_directive(document: Mapping[str, Any], directive: Mapping[str, Any]) -> None:
    """What the specification demands in words, and CloudWatch of dimensions and values.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
    """
    assert not directive["Namespace"].startswith(":")
    assert 1 <= len(directive["Metrics"]) <= 100
    for dimensions in directive["Dimensions"]:
        assert len(set(dimensions)) == len(dimensions) <= 30
        for name in dimensions:
            value = document[name]
            assert isinstance(value, str)
            assert 1 <= len(value) <= 1024
            assert value.strip()
            assert value.isascii()
            assert value.isprintable()
            assert not value.startswith(":")
    for metric in directive["Metrics"]:
        value = document[metric["Name"]]
        values = value if isinstance(value, list) else [value]
        assert 1 <= len(values) <= 100
        for number in values:
            assert isinstance(number, int | float)
            assert not isinstance(number, bool)
            assert isfinite(number)
            assert abs(number) <= 2**360


def _no_constant(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")
