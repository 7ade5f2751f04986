"""Input transformers: what EventBridge makes of an event before it hands it to a target.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ecs_monitoring.eventbridge.limits import TEMPLATE_LENGTH

_PATH: Final = re.compile(r"\$(?:\.[A-Za-z0-9_-]+(?:\[\d+\])?)+")
_STEP: Final = re.compile(r"\.([A-Za-z0-9_-]+)|\[(\d+)\]")
# A variable, or what decides whether it stands within a text: quotes, and escapes of them.
_TOKEN: Final = re.compile(r'<(?P<name>[A-Za-z0-9_-]+)>|\\.|"')
_MISSING: Final = object()


class TransformerError(ValueError):
    """A transformer makes something of an event that no target could read."""


@dataclass(frozen=True)
class InputTransformer:
    """A template and where its variables come from.

    Attributes:
        paths: variable to its place in the event, such as ``$.detail.reason``.
        template: JSON with variables as ``<name>``: within a text, or in the place of a value.
    """

    paths: Mapping[str, str]
    template: str

    def __post_init__(self) -> None:
        for name, path in self.paths.items():
            if not _PATH.fullmatch(path):
                raise TransformerError(f"variable {name}: {path!r} is no path that EventBridge has")
        used = {token["name"] for token in _TOKEN.finditer(self.template) if token["name"]}
        if used != set(self.paths):
            odd = ", ".join(sorted(used ^ set(self.paths)))
            raise TransformerError(f"variables without a path, or paths without a use: {odd}")
        if len(self.template) > TEMPLATE_LENGTH:
            raise TransformerError(
                f"the template has {len(self.template)} characters: EventBridge takes "
                f"{TEMPLATE_LENGTH}"
            )

    def of(self, event: Mapping[str, Any]) -> str:
        """What the target is handed: JSON in one line.

        "EventBridge doesn't escape values extracted by Input Path": a quote in a value breaks a
        text that the value stands in. In the place of a whole value it is written as JSON.

        Raises:
            TransformerError: the event's values make something else than JSON of the template.
        """
        within_text = False

        def put(token: re.Match[str]) -> str:
            nonlocal within_text
            name = token["name"]
            if name is None:
                within_text ^= token[0] == '"'
                return token[0]
            value = _at(event, self.paths[name])
            # "If you specify a variable to match a JSON path that doesn't exist in the event,
            # that variable isn't created and won't appear in the output."
            if value is _MISSING:
                return ""
            return str(value) if within_text else json.dumps(value, ensure_ascii=False)

        made = _TOKEN.sub(put, self.template)
        try:
            return json.dumps(json.loads(made), separators=(",", ":"), ensure_ascii=False)
        except ValueError as error:
            raise TransformerError(f"the event makes no JSON of the template: {error}") from None


def _at(event: Mapping[str, Any], path: str) -> Any:
    value: Any = event
    for field, index in _STEP.findall(path):
        try:
            value = value[int(index)] if index else value[field]
        except (KeyError, IndexError, TypeError):
            return _MISSING
    return value
