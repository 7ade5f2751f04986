"""YAML as the Pulumi CLI reads it: the types of YAML 1.2, no dates, and no key twice."""

import re
from collections.abc import Hashable
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

_MERGE: Final = "tag:yaml.org,2002:merge"


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """A node, unless it holds itself: what an anchor names is complete only after its end."""
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            anchored = self.anchors.get(event.anchor)
            if anchored is not None and anchored.end_mark is None:
                raise _refused(event.start_mark, f"*{event.anchor} holds itself: write it out")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.Node, deep: bool = False) -> dict[Hashable, Any]:
        """A mapping of texts, as each of Pulumi's configs is, with each key once."""
        if isinstance(node, yaml.MappingNode):
            seen: dict[str, yaml.Node] = {}
            for key, _ in node.value:
                _check_key(key, seen)
            self.flatten_mapping(node)
        return super().construct_mapping(node, deep)  # type: ignore[arg-type]


def _check_key(key: yaml.Node, seen: dict[str, yaml.Node]) -> None:
    if key.tag == _MERGE:
        return
    if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
        shown = key.value if isinstance(key, yaml.ScalarNode) else "this"
        raise _refused(key.start_mark, f"{shown} is no text, as a key must be: write '{shown}'")
    if key.value in seen:
        line = seen[key.value].start_mark.line + 1
        raise _refused(key.start_mark, f"{key.value} stands in line {line} already: write it once")
    seen[key.value] = key


def _refused(mark: yaml.Mark, problem: str) -> yaml.YAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


for _tag, _pattern, _first in _CORE:
    _Loader.add_implicit_resolver(_tag, re.compile(rf"(?:{_pattern})\Z"), _first)
_Loader.add_implicit_resolver(_MERGE, re.compile("<<"), ["<"])
_Loader.yaml_constructors = {
    tag: constructor
    for tag, constructor in yaml.SafeLoader.yaml_constructors.items()
    if tag is None or tag.rpartition(":")[2] in ("null", "bool", "float", "str", "seq", "map")
}
_Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: _whole(node.value))


def _whole(text: str) -> int:
    return int(text, 8) if text.startswith("0o") else int(text, 16 if "x" in text else 10)


def read_yaml(text: str) -> Any:
    """The value of a YAML document.

    Raises:
        yaml.YAMLError: it is none, or one that Pulumi does not take: a key twice, a key that is no
            text, a value that holds itself, a tag of a type of one's own.
    """
    if strange := yaml.reader.Reader.NON_PRINTABLE.search(text):
        line = text.count("\n", 0, strange.start()) + 1
        column = strange.start() - (text.rfind("\n", 0, strange.start()) + 1) + 1
        raise yaml.YAMLError(
            f"line {line}, column {column}: the control character U+{ord(strange[0]):04X} stands "
            "there: remove it"
        )
    try:
        return yaml.load(text, Loader=_Loader)
    except RecursionError:
        raise yaml.YAMLError("it is nested too deeply: write it flatter") from None
    except (ValueError, KeyError):
        # Such as !!int five, of which PyYAML says it in Python's words.
        raise yaml.YAMLError("a value is not of its tag's type: leave the tag out") from None


def read_yaml_file(path: Path) -> Any:
    """The value of a YAML file; nothing in it is an empty mapping.

    Raises:
        yaml.YAMLError: it is no YAML in UTF-8.
        OSError: it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    # UTF-16 of ASCII is UTF-8, too, with a NUL beside each character.
    if text.count("\0") > len(text) // 4:
        raise yaml.YAMLError("it is not in UTF-8: save it as UTF-8")
    value = read_yaml(text)
    return {} if value is None else value
