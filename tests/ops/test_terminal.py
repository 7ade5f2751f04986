"""What commands print: no control characters, no markup of others, in any encoding and width."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ops.terminal import Terminal, complain, opened_console, print_json, visible

PROJECT = Path(__file__).resolve().parents[2]


def preview(*changes: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    sets = [word for change in changes for word in ("--set", change)]
    return subprocess.run(
        [sys.executable, "-m", "ops", "preview", "prod", *sets],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # Clears a terminal's screen, and sets its title.
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("a\rb\x08\x00\x7f", "a\\rb\\x08\\x00\\x7f"),
        # The same control sequence in one character: https://www.ecma-international.org/publications-and-standards/standards/ecma-48/
        ("\x9b2J", "\\x9b2J"),
        # https://trojansource.codes/
        ("\u202eabc\u2066", "\\u202eabc\\u2066"),
        ("line\n\tnext 決済", "line\n\tnext 決済"),
    ],
)
def test_control_characters_are_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_no_control_character_passes_a_console(capsys: pytest.CaptureFixture[str]) -> None:
    opened_console().print("a\x1b[2Jb\x9bc")
    Terminal(is_json=False).say("a\x1b[2Jb [red]c[/]")
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\x9b" not in out
    assert "[red]c[/]" in out


@pytest.mark.parametrize("encoding", ["cp932", "cp1252", "ascii"])
def test_a_preview_prints_in_any_encoding(encoding: str) -> None:
    changes = ("tags.Team=決済", "runbooks=https://example.jp/決済–é")
    finished = preview(*changes, PYTHONIOENCODING=encoding)
    assert finished.returncode == 0, finished.stderr
    assert b"ecs.cpu-high@web" in finished.stdout


def test_an_error_prints_in_any_encoding_without_control_characters() -> None:
    finished = preview('ecs.web.cluster="決\\e[2J済"', PYTHONIOENCODING="cp1252")
    assert finished.returncode == 2
    assert b"\x1b" not in finished.stderr
    assert b"ecs.web.cluster" in finished.stderr


def test_a_log_is_as_wide_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert opened_console().width == 180
    monkeypatch.setenv("COLUMNS", "60")
    assert opened_console().width == 60


def test_what_is_told_of_mistakes_and_to_scripts_cannot_steer_either(
    capsys: pytest.CaptureFixture[str],
) -> None:
    complain("no \x1b[2J such\u202e")
    print_json({"name": "a\x9b2J\u202e\x1b決"})
    captured = capsys.readouterr()
    assert captured.err == "no \\x1b[2J such\\u202e\n"
    assert "\\u009b2J\\u202e\\u001b決" in captured.out
    assert json.loads(captured.out) == {"name": "a\x9b2J\u202e\x1b決"}


def test_every_command_prints_by_way_of_the_terminal() -> None:
    """A bare ``print`` would pass on what others have written."""
    bare = [
        f"{path.relative_to(PROJECT)}:{node.lineno}"
        for folder in ("ops", "sandbox")
        for path in sorted((PROJECT / folder).rglob("*.py"))
        # The server tells its port to the process that has started it.
        if path.name not in ("terminal.py", "server.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
        and "visible(" not in ast.unparse(node)
    ]
    assert bare == []
