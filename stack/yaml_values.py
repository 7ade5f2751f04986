"""YAML as the Pulumi CLI reads it: the types of YAML 1.2, and no dates."""

import re
from pathlib import Path
from typing import Any, Final

import yaml

# PyYAML follows YAML 1.1, in which 12:30 is a number, 1e9 a text, yes a truth and 2026-11-24 a
# date. The core schema of YAML 1.2 has none of these: https://yaml.org/spec/1.2.2/#103-core-schema
_CORE: Final = (
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ["", *"~nN"]),
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", [*"tTfF"]),
    ("tag:yaml.org,2002:int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", [*"-+0123456789"]),
    (
        "tag:yaml.org,2002:float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?(\.inf|\.Inf|\.INF)|\.nan",
        [*"-+.0123456789"],
    ),
)


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


for _tag, _pattern, _first in _CORE:
    _Loader.add_implicit_resolver(_tag, re.compile(rf"(?:{_pattern})\Z"), _first)
_Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: _whole(node.value))


def _whole(text: str) -> int:
    return int(text, 8) if text.startswith("0o") else int(text, 16 if "x" in text else 10)


def read_yaml(text: str) -> Any:
    """The value of a YAML document.

    Raises:
        yaml.YAMLError: it is none.
    """
    return yaml.load(text, Loader=_Loader)


def read_yaml_file(path: Path) -> Any:
    """The value of a YAML file; nothing in it is an empty mapping.

    Raises:
        yaml.YAMLError: it is no YAML.
        OSError: it cannot be read.
    """
    return read_yaml(path.read_text(encoding="utf-8")) or {}
