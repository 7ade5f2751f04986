"""The document that ``rules`` writes, rules.json: its model is its schema."""

from typing import Any, Literal

from pydantic import Field
from pydantic.json_schema import GenerateJsonSchema

from exports.plain.alarms import PlainComposite, PlainLogFilter, PlainModel, PlainRule
from exports.plain.graphs import AnyGraph


class Document(PlainModel):
    """Alarms and graphs of a monitoring stack on AWS CloudWatch."""

    schema_: str = Field(alias="$schema")
    """The schema's file, beside the document."""

    version: Literal[1] = 1
    """The format's version. Fields may be added within one; none changes its meaning."""

    project: str
    """The Pulumi project."""

    stack: str
    """The Pulumi stack."""

    region: str
    """AWS Region of everything that names no other."""

    rules: list[PlainRule]
    """Alarms on metrics."""

    composites: list[PlainComposite]
    """Alarms on the states of other alarms."""

    log_filters: list[PlainLogFilter]
    """What makes metrics of log lines."""

    graphs: list[AnyGraph]
    """In the dashboard's order: those of the overview first."""


def document_schema() -> dict[str, Any]:
    """The JSON schema of the document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_prose(Document.model_json_schema(schema_generator=_SchemaOfPlain)),
    }


class _SchemaOfPlain(GenerateJsonSchema):
    """Names the schema's definitions as CloudWatch does: the definition of PlainRule is Rule."""

    def normalize_name(self, name: str) -> str:
        return super().normalize_name(name).removeprefix("Plain")


def _prose(schema: Any) -> Any:
    """The schema without generated titles, its descriptions on one line."""
    if isinstance(schema, list):
        return [_prose(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: _prose(value)
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str))
    }
    if isinstance(text := kept.get("description"), str):
        kept["description"] = " ".join(text.split())
    return kept
