"""What an expression is made of, which texts it can match, and whether it spans a whole line."""

import pytest

from ecs_monitoring.cloudwatch.log_pattern.regex import compile_regex
from ecs_monitoring.cloudwatch.log_pattern.regex_reach import can_span, texts
from ecs_monitoring.cloudwatch.log_pattern.syntax import Atom, Branch


@pytest.mark.parametrize(
    ("source", "branches"),
    [
        ("ab", ((Atom("a"), Atom("b")),)),
        ("^a$", (("^", Atom("a"), "$"),)),
        ("a|^|$b", ((Atom("a"),), ("^",), ("$", Atom("b")))),
        (
            "a?b*c+d{3}e{2,}f{,4}g{0,1}h{1}i{1,1}",
            (
                (
                    *(Atom("a", 0, 1), Atom("b", 0, None), Atom("c", 1, None), Atom("d", 3, 3)),
                    *(Atom("e", 2, None), Atom("f", 0, 4), Atom("g", 0, 1), Atom("h"), Atom("i")),
                ),
            ),
        ),
        (r".{12}\d\W", ((Atom(".", 12, 12), Atom(r"\d"), Atom(r"\W")),)),
        (r"\x41\.", ((Atom(r"\x41"), Atom(r"\.")),)),
        # Python escapes what may mean something to it.
        ("- #", ((Atom(r"\-"), Atom("\\ "), Atom(r"\#")),)),
        ("[a-c][^x]+", ((Atom("[a-c]"), Atom("[^x]", 1, None)),)),
        (r"[\d:a-]", ((Atom(r"[\d:a\-]"),),)),
        ("[a-]", ((Atom(r"[a\-]"),),)),
        (r"[\x41-Z.*^$]", ((Atom(r"[\x41-Z\.\*\^\$]"),),)),
        ("[[]", ((Atom(r"[\[]"),),)),
    ],
)
def test_parts_of_an_expression(source: str, branches: tuple[Branch, ...]) -> None:
    assert compile_regex(source, 1).branches == branches


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        # As often as it says, and no more.
        ("^a?$", "aa", False),
        ("^a?$", "", True),
        ("^a+$", "", False),
        ("^a{2}$", "aa", True),
        ("^a{2}$", "aaa", False),
        ("^a{2,}$", "a", False),
        ("^a{,2}$", "aaa", False),
        ("^a{0}b$", "ab", False),
        ("^a{0}b$", "b", True),
        ("^a{1}$", "a", True),
    ],
)
def test_how_often_a_part_is_found(source: str, text: str, expected: bool) -> None:
    assert (compile_regex(source, 1).compiled.search(text) is not None) is expected


MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a", ["a"]),
        ("ab|c^|d", ["ab", "d"]),
        ("a*b?c{2}d{3,5}e{2,}", ["abccdddee"]),
        # Letters come first, then what can be seen; é stands for all that is not ASCII.
        (r".|\D|[^\w]|\s", ["0", "A", " ", " "]),
        (r"[^ -\x7E]|[^\x00-\x7F]", ["\x00", "é"]),
        # Nothing at all is only what an alternative asks for.
        ("^$", [""]),
        ("^a{0}$", [""]),
        ("^", ["~"]),
        ("$", ["~"]),
        ("a{0}", ["~"]),
        # Before the start and after the end there is no character.
        ("b?^a", ["a"]),
        ("b^a", []),
        ("a$b*", ["a"]),
        ("a$b", []),
        ("a?$^b?", [""]),
        ("a?^b?^c", ["c"]),
        ("a$b?$c?", ["a"]),
        # A class that leaves no character is passed over where it may be.
        (r"[^\s\S]?a", ["a"]),
        (r"a[^\s\S]*", ["a"]),
        (r"[^\s\S]a", []),
        (r"a[^\s\S]{2}|b", ["b"]),
        # No event is longer than a megabyte.
        (f"a{{{MEGABYTE}}}", ["a" * MEGABYTE]),
        (f"a{{{MEGABYTE + 1}}}", []),
        (f"a{{{MEGABYTE - 1}}}b", ["a" * (MEGABYTE - 1) + "b"]),
        (f"a{{{MEGABYTE}}}b", []),
    ],
    ids=lambda value: str(value)[:30],
)
def test_texts_that_an_expression_matches(source: str, expected: list[str]) -> None:
    assert list(texts(compile_regex(source, 1))) == expected


@pytest.mark.parametrize(
    ("source", "first", "last", "expected"),
    [
        ("x", "a", "b", True),
        ("^x", "a", "b", False),
        ("^x", "ax", "b", True),
        ("x$", "a", "b", False),
        ("x$", "a", "bx", True),
        ("^x.*y$", "x", "b", False),
        ("^x.*y$", "a", "y", False),
        ("^x.*y$", "x", "y", True),
        ("^x|y$", "a", "y", True),
        ("^x|y", "a", "b", True),
        ("^x|^y", "a", "b", False),
        # An anchor alone, or beside another, or beside what may be left out.
        ("^", "a", "b", True),
        ("^$", "a", "b", True),
        ("^^x", "a", "b", True),
        ("^x?y", "a", "b", True),
        ("^x{2}", "a", "b", False),
        ("^x{1,2}", "a", "b", False),
        ("^[a-c]", "b", "", True),
        ("^.", "\n", "", True),
        (r"^\w", "é", "", False),
        # What stands elsewhere is no matter.
        ("x^a", "b", "b", True),
    ],
)
def test_whether_an_expression_spans_a_line(
    source: str, first: str, last: str, expected: bool
) -> None:
    assert can_span(compile_regex(source, 1), first, last) is expected
