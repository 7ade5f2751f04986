"""Reads what was recorded."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django_monitoring import contract
from django_monitoring.conf import Config
from django_monitoring.emf import encode_line
from django_monitoring.recorder import recorder
from django_monitoring.records import Record
from django_monitoring.sinks import AnySink
from tests.metrics.emf_lines import checked_line


def config_with(make_sink: Callable[[], AnySink], **others: Any) -> Config:
    """The settings of the service "shop" with this sink."""
    values: dict[str, Any] = {
        "service": "shop",
        "interval": 60.0,
        "max_keys": 500,
        "excluded_paths": ("/livez", "/health/"),
        "make_sink": make_sink,
        "enabled": True,
    }
    return Config(**values | others)


class KeepingSink:
    """A sink that keeps its records; each is checked as the line that it would be."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def send(self, record: Record, timeout: float) -> bool:
        self.records.append(record)
        return True

    @property
    def published(self) -> list[Mapping[str, Any]]:
        """The documents of everything that was recorded until now."""
        assert recorder.flush()
        return self.documents

    @property
    def documents(self) -> list[Mapping[str, Any]]:
        """The documents of what it has been given."""
        return [checked_line(encode_line(record)) for record in self.records]


def total(documents: Iterable[Mapping[str, Any]], metric: str, **dimensions: str) -> int:
    """The sum of a count over the documents with these dimensions."""
    return sum(
        document[metric]
        for document in documents
        if metric in document and dimensions.items() <= document.items()
    )


def samples(documents: Iterable[Mapping[str, Any]], metric: str, **dimensions: str) -> list[float]:
    """All values of a metric with arrays."""
    return [
        value
        for document in documents
        if metric in document and dimensions.items() <= document.items()
        for value in document[metric]
    ]


def requests_by_route(documents: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], int]:
    """Requests by method and route."""
    found: Counter[tuple[str, str]] = Counter()
    for document in documents:
        if contract.REQUESTS in document:
            found[document[contract.METHOD], document[contract.ROUTE]] += document[
                contract.REQUESTS
            ]
    return dict(found)
