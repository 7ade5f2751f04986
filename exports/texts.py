"""What the files of an export are made of: JSON, numbers, names that stay, Terraform's texts."""

import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from ecs_monitoring.cloudwatch.alarm import AlarmAddress

_OTHER: Final = re.compile(r"[^a-z0-9]+")
_HASH_LENGTH: Final = 8


def json_text(document: Mapping[str, Any]) -> str:
    """The text of a JSON file, to be read by people, too."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def plain_number(value: float) -> str:
    """A number without an exponent, and exactly, as the expressions of other systems read it."""
    return format(Decimal(repr(value)), "f").removesuffix(".0")


def terraform_text(text: str) -> str:
    """A text that Terraform takes as it is.

    https://developer.hashicorp.com/terraform/language/syntax/json#string-templates
    """
    return text.replace("${", "$${").replace("%{", "%%{")


def stable_id(*parts: str, length: int = 40) -> str:
    """An identifier of lower-case letters, digits and hyphens, other than that of other parts.

    Args:
        parts: what is identified, such as project, stack and address.
        length: characters that it has at most.
    """
    mark = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_HASH_LENGTH]
    words = _OTHER.sub("-", parts[-1].lower()).strip("-")[: length - _HASH_LENGTH - 1].strip("-")
    return f"{words}-{mark}" if words else mark


def file_name(address: AlarmAddress, extension: str) -> str:
    """The name of an alarm's own file, such as ``ecs.cpu-high@web.json``.

    No address holds a ``+``, so that two never have the same name.
    """
    return f"{address.replace('/', '+')}.{extension}"
