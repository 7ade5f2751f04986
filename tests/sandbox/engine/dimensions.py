"""Alarms for comparing: dimensions are a set, and come in any order through the engine."""

from typing import Any


def ordered(value: Any) -> Any:
    """An API's answer with the dimensions in it in one order, those of metric queries too."""
    if isinstance(value, dict):
        return {
            key: sorted(item, key=lambda one: str(one["Name"]))
            if key == "Dimensions"
            else ordered(item)
            for key, item in value.items()
        }
    return [ordered(item) for item in value] if isinstance(value, list) else value
