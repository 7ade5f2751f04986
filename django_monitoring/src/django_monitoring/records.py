"""What a sink publishes."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MetricDatum:
    """A metric of one record, with one value or with several samples."""

    name: str
    unit: str
    value: int | float | tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """Metrics of the same interval that have the same dimensions."""

    timestamp: int
    """Milliseconds since 1970, UTC."""

    dimensions: Mapping[str, str]

    dimension_sets: tuple[tuple[str, ...], ...]
    """Names of dimensions: each metric is published once by each of these sets."""

    metrics: tuple[MetricDatum, ...]

    measurements: int
    """How many measurements are lost if this record is."""

    properties: Mapping[str, str | int | float] = field(default_factory=dict)
    """What more is known, and would cost too much as metrics; logs can be asked for it."""
