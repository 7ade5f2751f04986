"""The pages of one call of GetMetricData: the values so far, and whether they are all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np

from replay.history import Floats, Ints

FORBIDDEN: Final = "Forbidden"
"""The status of what these credentials may not read; asking again does not help."""

_COMPLETE: Final = "Complete"
_FAILED: Final = frozenset({"InternalError", FORBIDDEN})

Columns = tuple[Ints, Floats]
"""Times and values of one statistic."""


class MetricDataPages:
    """What was answered so far, by the queries' ids."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        self._reasons: list[str] = []
        self._is_cut_off = False

    def add(self, page: Mapping[str, Any]) -> None:
        """Take one page."""
        self._reasons += _words(page)
        for result in page.get("MetricDataResults", ()):
            self._parts[result["Id"]].append(result)

    def cut_off(self, reason: str) -> None:
        """Note that the pages that followed cannot be had."""
        self._is_cut_off = True
        self._reasons.append(reason)

    def failure(self, ids: Iterable[str]) -> str:
        """Why some queries were not all answered in full; empty where they were.

        The last page that has a result says whether it is complete: earlier ones say
        "PartialData". An error on the way counts as a failure all the same: it is not documented
        that a later page brings what was left out.
        """
        for id_ in ids:
            parts = self._parts.get(id_, [])
            statuses = [part.get("StatusCode", _COMPLETE) for part in parts]
            is_whole = statuses[-1:] == [_COMPLETE] and not _FAILED & set(statuses)
            if self._is_cut_off or not is_whole:
                status = ", ".join(dict.fromkeys(statuses)) or "no result"
                reasons = [word for part in parts for word in _words(part)] + self._reasons
                return ": ".join([status, *filter(None, ["; ".join(dict.fromkeys(reasons))])])
        return ""

    def columns(self, id_: str) -> Columns:
        """Times in ascending order, each once, and their values."""
        parts = self._parts[id_]
        times = [moment.timestamp() for part in parts for moment in part["Timestamps"]]
        values = [value for part in parts for value in part["Values"]]
        unique, first = np.unique(np.array(times, dtype=np.int64), return_index=True)
        return unique, np.array(values, dtype=np.float64)[first]


def _words(about: Mapping[str, Any]) -> list[str]:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MessageData.html ."""
    return [
        f"{message.get('Code')}: {message.get('Value')}" for message in about.get("Messages") or ()
    ]
