"""What a question in another language asks of a line, and as which alternatives it can be put."""

import pytest

from ecs_monitoring.cloudwatch.log_pattern.clauses import chained, combined
from ecs_monitoring.cloudwatch.log_pattern.meant.question import (
    All,
    Asked,
    Compares,
    Contains,
    Either,
    Finds,
    Opposite,
    Present,
    Question,
    Simple,
    alternatives,
    either,
    found_by,
    holds,
    simple_questions,
    together,
    unquoted,
)

A, B, C, D = map(Contains, "abcd")


@pytest.mark.parametrize(
    ("parts", "most", "expected"),
    [
        ([], 0, []),
        ([[(1, 2)], [(3,), (4,)]], 3, [(1, 2), (3,), (4,)]),
        ([[(1, 2)], [(3,), (4,)]], 2, None),
        ([[(1,)], None], 9, None),
        ([None], 9, None),
    ],
)
def test_alternatives_one_after_the_other(
    parts: list[list[tuple[int, ...]] | None], most: int, expected: list[tuple[int, ...]] | None
) -> None:
    assert chained(parts, most) == expected


@pytest.mark.parametrize(
    ("parts", "most", "expected"),
    [
        ([], 1, [()]),
        ([[(1, 2)], [(3,), (4,)]], 2, [(1, 2, 3), (1, 2, 4)]),
        ([[(1,), (2,)], [(3,), (4,)]], 4, [(1, 3), (1, 4), (2, 3), (2, 4)]),
        ([[(1,), (2,)], [(3,), (4,)]], 3, None),
        ([[(1,)], None], 9, None),
        ([None], 9, None),
    ],
)
def test_alternatives_in_every_combination(
    parts: list[list[tuple[int, ...]] | None], most: int, expected: list[tuple[int, ...]] | None
) -> None:
    assert combined(parts, most) == expected


def test_one_alone_stands_as_it_is() -> None:
    assert (together([A]), together([A, B])) == (A, All((A, B)))
    assert (either([A]), either([A, B])) == (A, Either((A, B)))


def test_a_text_without_its_quotes() -> None:
    assert unquoted(r'"say \"a\" \\ \b"') == r'say "a" \ b'


def yes(*parts: Simple) -> tuple[Asked, ...]:
    return tuple(Asked(part, negated=False) for part in parts)


def no(*parts: Simple) -> tuple[Asked, ...]:
    return tuple(Asked(part, negated=True) for part in parts)


MANY = [Contains(str(number)) for number in range(17)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (A, [yes(A)]),
        (Opposite(A), [no(A)]),
        (Opposite(Opposite(A)), [yes(A)]),
        (All((A, B)), [yes(A, B)]),
        (Either((A, B)), [yes(A), yes(B)]),
        # Not both: one or the other is missing; neither: both are.
        (Opposite(All((A, B))), [no(A), no(B)]),
        (Opposite(Either((A, B))), [no(A, B)]),
        (Opposite(Either((A, Opposite(B)))), [no(A) + yes(B)]),
        (All((A, Either((B, C)))), [yes(A, B), yes(A, C)]),
        (All((Either((A, B)), Either((C, D)))), [yes(A, C), yes(A, D), yes(B, C), yes(B, D)]),
        (Opposite(All((A, Opposite(B)))), [no(A), yes(B)]),
        # What is asked twice is asked once.
        (Either((A, B, A)), [yes(A), yes(B)]),
        (All((A, B, A)), [yes(A, B)]),
        # At most 16.
        (Either(tuple(MANY[:16])), [yes(part) for part in MANY[:16]]),
        (Either(tuple(MANY)), None),
        (
            All((Either(tuple(MANY[:4])), Either(tuple(MANY[4:8])))),
            [yes(first, other) for first in MANY[:4] for other in MANY[4:8]],
        ),
        (All((Either(tuple(MANY[:2])), Either(tuple(MANY[2:11])))), None),
        (Either((A, Either(tuple(MANY)))), None),
        (All((A, Either(tuple(MANY)))), None),
    ],
)
def test_questions_as_alternatives(
    question: Question, expected: list[tuple[Asked, ...]] | None
) -> None:
    assert alternatives(question) == expected


def test_every_simple_question_in_the_order_in_which_they_stand() -> None:
    question = All((Opposite(Either((A, B))), C, Either((A, Opposite(D)))))
    assert list(simple_questions(question)) == [A, B, C, A, D]


LINE = "ab é"
FIELDS: dict[str, str | float] = {"x.y": "text 5", "n": 5.0}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (Contains("b é"), True),
        (Contains("text"), False),
        (Contains("text", "x.y"), True),
        (Contains("ab", "x.y"), False),
        (Contains("5.", "n"), True),
        (Contains("", "missing"), True),
        (Contains("x", "missing"), False),
        (Finds("^a.*"), True),
        (Finds("^b"), False),
        # ASCII alone, as filter patterns are.
        (Finds(r" \w"), False),
        (Finds("^t.*5$", "x.y"), True),
        (Finds("^a", "x.y"), False),
        (Finds("^$", "missing"), True),
        (Present("n"), True),
        (Present("missing"), False),
        (Compares("n", "=", 5), True),
        (Compares("n", "!=", 5), False),
        (Compares("n", ">=", 5), True),
        (Compares("n", ">", 5), False),
        (Compares("n", "<=", 4), False),
        (Compares("n", "<", 6), True),
        (Compares("x.y", "=", "text 5"), True),
        (Compares("x.y", "!=", "text"), True),
        # No order is defined between texts, and nothing is said of what is missing.
        (Compares("x.y", ">", "a"), False),
        (Compares("x.y", ">", 1), False),
        (Compares("n", "<", "x"), False),
        (Compares("n", "=", "5"), False),
        (Compares("n", "!=", "5"), True),
        (Compares("missing", "!=", 5), False),
        (Opposite(Present("n")), False),
        (Opposite(Present("missing")), True),
        (All((Contains("ab"), Present("n"))), True),
        (All((Contains("ab"), Present("missing"))), False),
        (Either((Contains("no"), Present("n"))), True),
        (Either((Contains("no"), Present("missing"))), False),
    ],
)
def test_the_answer_for_a_line(question: Question, expected: bool) -> None:
    assert holds(question, LINE, FIELDS) is expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a", Contains("a", "p")),
        ("a|b", Either((Contains("a", "p"), Contains("b", "p")))),
        ("(a|b)", Either((Contains("a", "p"), Contains("b", "p")))),
        ("a|a", Contains("a", "p")),
        ("time out: 5@a/b=#;'-", Contains("time out: 5@a/b=#;'-", "p")),
        ("a.b", Finds("a.b", "p")),
        ("a|^b", Finds("a|^b", "p")),
        ("a|", Finds("a|", "p")),
        ("é", Finds("é", "p")),
    ],
)
def test_what_an_expression_finds(expression: str, expected: Question) -> None:
    assert found_by(expression, "p") == expected


@pytest.mark.parametrize(
    ("expression", "spellings"),
    [
        ("eRR", ["err", "Err", "ERR"]),
        ("a", ["a", "A"]),
        ("(ab|5)", ["ab", "Ab", "AB", "5"]),
        ("time out", ["time out", "Time out", "TIME OUT"]),
    ],
)
def test_an_expression_in_any_case_asks_for_each_spelling(
    expression: str, spellings: list[str]
) -> None:
    assert found_by(expression, any_case=True) == Either(tuple(map(Contains, spellings)))


def test_of_an_expression_in_any_case_that_is_more_than_words_nothing_is_asked() -> None:
    assert found_by("a.b", any_case=True) is None
    assert found_by("5", any_case=True) == Contains("5")
