"""JSON and numbers as the files of an export have them."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def json_text(document: Mapping[str, Any]) -> str:
    """The text of a JSON file, to be read by people, too."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def plain_number(value: float) -> str:
    """A number without an exponent, and exactly, as the expressions of other systems read it."""
    return format(Decimal(repr(value)), "f").removesuffix(".0")
