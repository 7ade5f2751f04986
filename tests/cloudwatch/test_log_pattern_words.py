"""Words joined as in other languages: what is said of each, and the question that they ask."""

import pytest

from ecs_monitoring.cloudwatch.log_pattern.meant.question import (
    All,
    Contains,
    Either,
    Opposite,
    Question,
)
from ecs_monitoring.cloudwatch.log_pattern.meant.words import Words, foreign_words
from tests.cloudwatch.refusals import joined

A, B, C, D = map(Contains, "abcd")
COMMA = "a comma joins no words: it would be looked for in the log as part of one"
PARENTHESES = "parentheses group no words: they would be looked for in the log"
WILDCARD = "* is no wildcard beside words, which are found inside longer words anyway"
QUOTES = "single quotes are looked for in the log, too"
PLUS = "+ is no operator of words: a word without it has to be there"
EXCLAMATION = "! is no operator of words: - stands before a word that must be absent"


def read(text: str) -> Words:
    words = foreign_words(text)
    assert words is not None
    return words


@pytest.mark.parametrize(
    ("text", "problem", "question"),
    [
        ("a OR b", joined("OR"), Either((A, B))),
        ("a||b", joined("||"), Either((A, B))),
        ("a | b|c", joined("|"), Either((A, B, C))),
        ("a AND b", joined("AND"), All((A, B))),
        ("a && b && c", joined("&&"), All((A, B, C))),
        ("a & b", joined("&"), All((A, B))),
        ("NOT a", joined("NOT"), Opposite(A)),
        ("a ! b", joined("!"), All((A, Opposite(B)))),
        ("NOT NOT a", joined("NOT"), Opposite(Opposite(A))),
        # AND binds before OR, and NOT before both.
        ("a AND b OR c", joined("AND"), Either((All((A, B)), C))),
        ("NOT a OR b AND c", joined("NOT"), Either((Opposite(A), All((B, C))))),
        # What is said of a parenthesis matters least.
        ("(a OR b) AND c", joined("OR"), All((Either((A, B)), C))),
        ("a AND (b OR (c AND d))", joined("AND"), All((A, Either((B, All((C, D))))))),
        ("a NOT (b OR c)", joined("NOT"), All((A, Opposite(Either((B, C)))))),
        # Beside OR, words that follow each other are a phrase; else each is a term.
        ("a b OR c d", joined("OR"), Either((Contains("a b"), Contains("c d")))),
        ("a b c OR d", joined("OR"), Either((Contains("a b c"), D))),
        ("a b AND c", joined("AND"), All((A, B, C))),
        ('a "b" OR c', joined("OR"), Either((All((A, B)), C))),
        ("a 'b' c OR d", QUOTES, Either((All((A, B, C)), D))),
        ("a NOT b OR c", joined("NOT"), Either((All((A, Opposite(B))), C))),
        ("a (b) OR c", joined("OR"), Either((Contains("a b"), C))),
        # Signs before words, and quotes.
        ("a AND -b", joined("AND"), All((A, Opposite(B)))),
        ("?a OR ?b", joined("OR"), Either((A, B))),
        ('a OR -"b c"', joined("OR"), Either((A, Opposite(Contains("b c"))))),
        (r'a OR "say \"b\" \\ c"', joined("OR"), Either((A, Contains(r'say "b" \ c')))),
        ('a OR ""', joined("OR"), Either((A, Contains("")))),
        ("a OR ''", joined("OR"), Either((A, Contains("")))),
        ("'a b' AND c", QUOTES, All((Contains("a b"), C))),
        ("a OR '", joined("OR"), Either((A, Contains("'")))),
        ("''", QUOTES, Contains("")),
        ("'a b'", QUOTES, Contains("a b")),
        ("!a", EXCLAMATION, Opposite(A)),
        ("a !b", EXCLAMATION, All((A, Opposite(B)))),
        ("+a +b", PLUS, All((A, B))),
        ('+"a b" c', PLUS, All((Contains("a b"), C))),
        ("a* b", WILDCARD, All((A, B))),
        ("*a", WILDCARD, A),
        (".*a.*", WILDCARD, A),
        ("a AND - b", joined("AND"), All((A, Contains("-"), B))),
        # The first of several.
        ("+a OR b*", PLUS, Either((A, B))),
    ],
)
def test_what_words_of_other_languages_ask(text: str, problem: str, question: Question) -> None:
    assert read(text) == Words(problem, question, may_be_text=False, is_doubtful=False)


@pytest.mark.parametrize(
    ("text", "problem", "question"),
    [
        # Punctuation may well be in a line, too.
        ("a, b", COMMA, Either((A, B))),
        ("a,b,c", COMMA, Either((A, B, C))),
        ("a, 1", COMMA, Either((A, Contains("1")))),
        ("1,a", COMMA, Either((Contains("1"), A))),
        ("(a)", PARENTHESES, A),
        ("(a b) c", PARENTHESES, All((All((A, B)), C))),
        ("(a, b)", COMMA, Either((A, B))),
        ("-(a)", PARENTHESES, All((Contains("-"), A))),
    ],
)
def test_punctuation_may_be_text(text: str, problem: str, question: Question) -> None:
    assert read(text) == Words(problem, question, may_be_text=True, is_doubtful=False)


@pytest.mark.parametrize(
    ("text", "word", "question", "is_doubtful"),
    [
        ("a or b", "or", Either((A, B)), True),
        ("a b and c", "and", All((A, B, C)), True),
        ("not a", "not", Opposite(A), True),
        ("a b or c d", "or", Either((Contains("a b"), Contains("c d"))), True),
        # Beside a level, or another of them, they are meant.
        ("ERROR or a", "or", Either((Contains("ERROR"), A)), False),
        ("a and WARN", "and", All((A, Contains("WARN"))), False),
        ("a and -DEBUG", "and", All((A, Opposite(Contains("DEBUG")))), False),
        ("a or b or ?FATAL", "or", Either((A, B, Contains("FATAL"))), False),
        ("a and not b", "and", All((A, Opposite(B))), False),
        ("a and b ERROR", "and", All((A, B, Contains("ERROR"))), True),
        ("ERROR a and b", "and", All((Contains("ERROR"), A, B)), True),
        ("a and b or c", "and", Either((All((A, B)), C)), True),
    ],
)
def test_small_words_may_be_text_and_are_doubtful_in_a_phrase(
    text: str, word: str, question: Question, is_doubtful: bool
) -> None:
    assert read(text) == Words(joined(word), question, may_be_text=True, is_doubtful=is_doubtful)


def test_small_words_beside_others_of_the_language_are_meant() -> None:
    # The parentheses make it so, and the word is what is told of.
    assert read("(a or b) and c") == Words(
        joined("or"), All((Either((A, B)), C)), may_be_text=True, is_doubtful=False
    )
    # Beside capital letters, a small word is one to look for.
    assert read("a OR b and c") == Words(
        joined("OR"), Either((A, Contains("b and c"))), may_be_text=False, is_doubtful=False
    )


BESIDE = "stands beside terms without ?, and CloudWatch Logs then ignores every ? term"


@pytest.mark.parametrize(
    ("text", "first", "question"),
    [
        ("?a b", "?a", All((Either((A,)), B))),
        ("a ?b -c ?d", "?b", All((Either((B, D)), All((A, Opposite(C)))))),
        ('?"a b" c', '?"a b"', All((Either((Contains("a b"),)), C))),
    ],
)
def test_optional_words_beside_others(text: str, first: str, question: Question) -> None:
    assert read(text) == Words(f"{first} {BESIDE}", question, may_be_text=False, is_doubtful=False)


@pytest.mark.parametrize(
    "text",
    [
        # Nothing in them is of another language.
        *("a", "a b", '"a OR b"', "?a ?b", "a -b", "android", "a&b", "R&D", "-", "? a", "?a - b"),
        *("a-b", "it's", "a!", "1+1", "+ a", "'", "a*b", "a?"),
        # Marks inside a word: a call, a number, a quote.
        *("f(x)", "f(x) OR b", "(a)b", "(a)b OR c", "1,000", "1,000 OR b", 'a"b" OR c', 'a OR "b'),
        # Not understood.
        *("OR", "a OR", "OR a", "a AND", "AND a", "a AND AND b", "a AND OR b", "NOT", "a NOT"),
        *("(a OR b", "a OR b)", "()", "a OR ()", "a OR *", ", a", "a,", ") a OR b (", "a NOT OR b"),
        *("?a * b", "(" * 1000 + "a"),
    ],
)
def test_what_is_no_question_of_another_language(text: str) -> None:
    assert foreign_words(text) is None
