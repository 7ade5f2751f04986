"""The filter pattern that is offered for a question of another language, in full."""

import pytest

from ecs_monitoring.cloudwatch.log_pattern.meant.offering import offered, offered_apart
from ecs_monitoring.cloudwatch.log_pattern.meant.question import (
    All,
    Compares,
    Contains,
    Either,
    Finds,
    Opposite,
    Present,
    Question,
)

A, B, C, D = map(Contains, "abcd")
SIX = tuple(map(Contains, "bcdefg"))
IN_P = Compares("p", "=", "x")


@pytest.mark.parametrize(
    ("question", "pattern"),
    [
        # Words.
        (A, "a"),
        (Contains('a "b"'), r'"a \"b\""'),
        (Opposite(A), "-a"),
        (All((A, Contains("b c"), Opposite(D), Opposite(Contains("e-f")))), 'a "b c" -d -"e-f"'),
        (Either((A, Contains("b c"), Contains("d_1"))), '?a ?"b c" ?d_1'),
        (Opposite(Either((A, B))), "-a -b"),
        (Opposite(Opposite(A)), "a"),
        # Words in alternatives of several are an expression, in every order.
        (All((Either((A, B)), C)), "%a.*c|c.*a|b.*c|c.*b%"),
        (All((A, Either((B, All((C, D)))))),
         "%a.*b|b.*a|a.*c.*d|a.*d.*c|c.*a.*d|c.*d.*a|d.*a.*c|d.*c.*a%"),
        (Either((All((A, Contains("b!"))), C)), r"%a.*b\x21|b\x21.*a|c%"),
        # At most 12 orders.
        (All((A, Either(SIX))), "%" + "|".join(f"a.*{c}|{c}.*a" for c in "bcdefg") + "%"),
        (Either((All((A, Either(SIX))), Contains("h"))), ""),
        (All((A, Either((*SIX, Contains("h"))))), ""),
        # Expressions.
        (Finds("^a.*b"), "%^a.*b%"),
        (Finds(r"took \d+ms!"), r"%took \d+ms\x21%"),
        (Either((Finds("^a"), B)), "%^a|b%"),
        (All((Finds("x$"), A)), "%x$.*a|a.*x$%"),
        (All((Finds("a|b.c"), D)), "%a.*d|b.c.*d|d.*a|d.*b.c%"),
        (Finds(r"\bx"), ""),
        (Opposite(Finds("x.y")), ""),
        # Properties.
        (IN_P, '{ $.p = "x" }'),
        (Opposite(IN_P), '{ $.p != "x" }'),
        (Compares("p", "=", 5.0), "{ $.p = 5 }"),
        (Compares("p", "!=", -0.25), "{ $.p != -0.25 }"),
        (Compares("p", "<", 5.0), "{ $.p < 5 }"),
        (Compares("p", "<=", 5.0), "{ $.p <= 5 }"),
        (Compares("p", ">", 5.0), "{ $.p > 5 }"),
        (Compares("p", ">=", 1e15), "{ $.p >= 1e+15 }"),
        (Compares("a.b-c.d_1", "=", "x"), '{ $.a.b-c.d_1 = "x" }'),
        (Present("p"), '{ $.p = "*" }'),
        (Opposite(Present("p")), "{ $.p NOT EXISTS }"),
        (Contains("x y", "p"), '{ $.p = "*x y*" }'),
        (Opposite(Contains("x", "p")), '{ $.p != "*x*" }'),
        (Finds("^x.y", "p"), "{ $.p = %^x.y% }"),
        (Opposite(Finds("^x!", "p")), r"{ $.p != %^x\x21% }"),
        (All((IN_P, Compares("q", ">", 1.0))), '{ $.p = "x" && $.q > 1 }'),
        (Either((IN_P, Compares("p", "=", "y"))), '{ $.p = "x" || $.p = "y" }'),
        (
            Either((All((IN_P, Compares("q", "=", 1.0))), Compares("r", "=", 2.0))),
            '{ ($.p = "x" && $.q = 1) || $.r = 2 }',
        ),
        (All((Present("p"), Compares("q", "=", "x"))), '{ $.p = "*" && $.q = "x" }'),
        (Either((Compares("q", "=", "x"), Present("p"))), '{ $.q = "x" || $.p = "*" }'),
        # The two have no pattern together: a line of text, and a property.
        (All((A, IN_P)), ""),
        (Either((A, IN_P)), ""),
        # What is always so, or never, is no question.
        (All((A, Opposite(A))), ""),
        (All((IN_P, Opposite(IN_P))), ""),
        (Either((IN_P, Opposite(IN_P))), ""),
        # A text that would be none there: * inside, a path with other characters, a third %.
        (Compares("p", "=", "a*b"), ""),
        (Compares("a b", "=", "x"), ""),
        (All((IN_P, Compares("a b", "=", "x"))), ""),
        (Finds(r"\bx", "p"), ""),
        (Either((Finds("^x", "p"), Finds("^y", "p"), Finds("^z", "p"))), ""),
        (Contains(""), ""),
        # Alternatives that nobody would read.
        (Either(tuple(Contains(f"w{number}") for number in range(17))), ""),
    ],
)  # fmt: skip
def test_what_is_offered(question: Question, pattern: str) -> None:
    assert offered(question) == pattern


@pytest.mark.parametrize(
    ("question", "patterns"),
    [
        (Either((A, Opposite(B))), ("a", "-b")),
        (Either((A, IN_P)), ("a", '{ $.p = "x" }')),
        (All((Either((A, B)), Opposite(C))), ("a -c", "b -c")),
        (Opposite(All((A, Finds("x.y")))), ()),
        (Either((Finds("^a"), Opposite(B))), ("%^a%", "-b")),
        # One alone, or one that has no pattern, or is no question.
        (A, ()),
        (All((A, B)), ()),
        (Either((A, Finds(r"\bx"))), ()),
        (Either((A, All((B, IN_P)))), ()),
        (Either((A, Compares("p", "=", "x*y"))), ()),
        (Either((All((A, Opposite(A))), All((B, Opposite(B))))), ()),
        (Either(tuple(Contains(f"w{number}") for number in range(17))), ()),
    ],
)
def test_what_is_offered_apart(question: Question, patterns: tuple[str, ...]) -> None:
    assert offered_apart(question) == patterns
