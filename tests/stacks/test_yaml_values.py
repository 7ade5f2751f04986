"""YAML as Pulumi reads it: YAML 1.2 and not 1.1, and what is refused, with its place.

https://yaml.org/spec/1.2.2/#103-core-schema
"""

import math
from pathlib import Path
from typing import Any

import pytest
import yaml

from stack.yaml_values import read_yaml, read_yaml_file


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((word, None) for word in ("~", "null", "Null", "NULL", "")),
        *((word, True) for word in ("true", "True", "TRUE")),
        *((word, False) for word in ("false", "False", "FALSE")),
        # Truths of YAML 1.1, and what only begins like one.
        *((word, word) for word in ("yes", "no", "on", "off", "y", "tRUE", "nulls", "truer")),
        ("0", 0),
        ("-12", -12),
        ("+12", 12),
        # Octal in YAML 1.1.
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("0xff", 255),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        # Sixty minutes and a date in YAML 1.1.
        ("12:30", "12:30"),
        ("2026-11-24", "2026-11-24"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("-1.5e3", -1500.0),
        ("1e9", 1e9),
        ("1E-2", 0.01),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        (".infinity", ".infinity"),
        ("1e", "1e"),
        ("'1'", "1"),
        ("[1, a, {b: 2.5}]", [1, "a", {"b": 2.5}]),
        ("!!str 5", "5"),
        ("!!int '0x10'", 16),
        ("!!float 5", 5.0),
        ("{a: &x [1], b: *x}", {"a": [1], "b": [1]}),
        ("{a: &x {c: 1, d: 2}, b: {<<: *x, d: 3}}", {"a": {"c": 1, "d": 2}, "b": {"c": 1, "d": 3}}),
    ],
)
def test_values(text: str, value: Any) -> None:
    found = read_yaml(text)
    assert (found, type(found)) == (value, type(value))


def test_no_number_is_a_number_of_its_own() -> None:
    assert math.isnan(read_yaml(".nan"))


def refusal(text: str) -> str:
    with pytest.raises(yaml.YAMLError) as error:
        read_yaml(text)
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "problem", "line", "column"),
    [
        ("a: 1\nb: 2\n  \na: 3", "a stands in line 1 already: write it once", 4, 1),
        ("x:\n  {b: 1, b: 2}", "b stands in line 2 already: write it once", 2, 10),
        ("x:\n  1: a", "1 is no text, as a key must be: write '1'", 2, 3),
        ("true: a", "true is no text, as a key must be: write 'true'", 1, 1),
        ("? [a]\n: b", "this is no text, as a key must be: write 'this'", 1, 3),
        ("a: &x\n  b: *x", "*x holds itself: write it out", 2, 6),
    ],
)
def test_what_pulumi_does_not_take_is_refused_with_its_place(
    text: str, problem: str, line: int, column: int
) -> None:
    said = refusal(text)
    assert said.splitlines()[0] == problem
    assert f"line {line}, column {column}" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "a: 1\nbc\x07: 2",
            "line 2, column 3: the control character U+0007 stands there: remove it",
        ),
        (
            "\n\n a\x07",
            "line 3, column 3: the control character U+0007 stands there: remove it",
        ),
        ("\x1b", "line 1, column 1: the control character U+001B stands there: remove it"),
        ("a: !!int five", "a value is not of its tag's type: leave the tag out"),
        ("a: !!bool five", "a value is not of its tag's type: leave the tag out"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(text: str, words: str) -> None:
    assert refusal(text) == words


@pytest.mark.parametrize("tag", ["!!timestamp 2026-11-24", "!!set {a}", "!!binary aa==", "!Ref a"])
def test_types_of_ones_own_are_refused(tag: str) -> None:
    assert "could not determine a constructor" in refusal(f"a: {tag}")


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"", {}),
        (b"# nothing\n", {}),
        (b"0", 0),
        (b"false", False),
        (b"\xef\xbb\xbfa: \xc3\xa4", {"a": "ä"}),
    ],
)
def test_files(content: bytes, value: Any, tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.yaml"
    path.write_bytes(content)
    assert read_yaml_file(path) == value


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a: ä".encode("latin-1"), "it is not in UTF-8: save it as UTF-8"),
        ("a: b".encode("utf-16-le"), "it is not in UTF-8: save it as UTF-8"),
        # Five NULs in four times as many characters, and one in twenty.
        (b"a" * 15 + b"\0" * 5, "line 1, column 16: the control character U+0000"),
        (b"a" * 14 + b"\0" * 5, "it is not in UTF-8: save it as UTF-8"),
    ],
)
def test_files_that_are_not_in_utf_8(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.yaml"
    path.write_bytes(content)
    with pytest.raises(yaml.YAMLError) as error:
        read_yaml_file(path)
    assert str(error.value).startswith(words)
