"""Conditions and queries as other languages write them, as the questions that they ask.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html
"""

import pytest

from ecs_monitoring.cloudwatch.log_pattern.meant.condition import (
    ConditionReader,
    Token,
    tokens_of,
)
from ecs_monitoring.cloudwatch.log_pattern.meant.insights_query import asked_by_query, is_query
from ecs_monitoring.cloudwatch.log_pattern.meant.question import (
    All,
    Compares,
    Contains,
    Either,
    Finds,
    Opposite,
    Present,
    Question,
    UnreadableError,
)


def read(text: str, *, bare_words: bool = False) -> Question:
    return ConditionReader(tokens_of(text), bare_words=bare_words).read()


def tokens(*pairs: str) -> list[Token]:
    """``kind text`` each."""
    return [Token(kind, text) for kind, _, text in (pair.partition(" ") for pair in pairs)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  a ", tokens("field a")),
        ("$.a.b_1=-1.5", tokens("field $.a.b_1", "mark =", "number -1.5")),
        ("@message like /a\\/b/", tokens("field @message", "field like", "expression /a\\/b/")),
        ("`a b`!=\"x\\\"y\"<>'z'", tokens("field `a b`", "mark !=", 'text "x\\"y"', "mark <>")
         + tokens("text 'z'")),
        ("a<=1>=2=~3==4", tokens("field a", "mark <=", "number 1", "mark >=", "number 2")
         + tokens("mark =~", "number 3", "mark ==", "number 4")),
        ("a||b&&c|d&e", tokens("field a", "mark ||", "field b", "mark &&", "field c", "mark |")
         + tokens("field d", "mark &", "field e")),
        ("[1,(2)]", tokens("mark [", "number 1", "mark ,", "mark (", "number 2", "mark )")
         + tokens("mark ]")),
        # What is of no kind stands alone, character by character.
        ("a ; 5m", tokens("field a", "  ", " ;", "  ", " 5", "field m")),
        ("'x", tokens(" '", "field x")),
    ],
)  # fmt: skip
def test_tokens(text: str, expected: list[Token]) -> None:
    assert tokens_of(text) == expected


def equal(path: str, value: str | float) -> Compares:
    return Compares(path, "=", value)


A, B, C = equal("a", 1.0), equal("b", 2.0), equal("c", 3.0)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("a = 1", A),
        ("a == 1", A),
        ("$.a.b = 'x'", equal("a.b", "x")),
        ('`a-b` = "say \\"x\\""', equal("a-b", 'say "x"')),
        ("a != 1", Opposite(A)),
        ("a <> 'x'", Opposite(equal("a", "x"))),
        ("a < -1.5", Compares("a", "<", -1.5)),
        ("a <= 5", Compares("a", "<=", 5.0)),
        ("a > 5", Compares("a", ">", 5.0)),
        ("a >= 5", Compares("a", ">=", 5.0)),
        # AND binds before OR, in any spelling.
        ("a=1 or b=2 and c=3", Either((A, All((B, C))))),
        ("a=1 AND b=2 OR c=3", Either((All((A, B)), C))),
        ("a=1 || b=2 && c=3", Either((A, All((B, C))))),
        ("a=1 | b=2 & c=3", Either((A, All((B, C))))),
        ("a=1 or b=2 or c=3", Either((A, B, C))),
        ("a=1 and b=2 and c=3", All((A, B, C))),
        ("(a=1 or b=2) and c=3", All((Either((A, B)), C))),
        ("((a=1))", A),
        ("not a=1 and b=2", All((Opposite(A), B))),
        ("NOT (a=1 or b=2)", Opposite(Either((A, B)))),
        ("not not a=1", Opposite(Opposite(A))),
        # Texts and expressions in a field, or in the line.
        ("a like 'x'", Contains("x", "a")),
        ("a not like 'x'", Opposite(Contains("x", "a"))),
        ("a LIKE /x.y/", Finds("x.y", "a")),
        ("a =~ /x/", Contains("x", "a")),
        ("a = /x|y/", Either((Contains("x", "a"), Contains("y", "a")))),
        ("a != /^x/", Opposite(Finds("^x", "a"))),
        (r"a = /b\/c\.d/", Finds(r"b/c\.d", "a")),
        ("a =~ /(?i)x/", Either((Contains("x", "a"), Contains("X", "a")))),
        (
            "@message like /(?i)err/",
            Either((Contains("err"), Contains("Err"), Contains("ERR"))),
        ),
        ("@message like 'x'", Contains("x")),
        ("@message = 'x.y'", Finds(r"^x\.y$")),
        ("@message != 'x'", Opposite(Finds("^x$"))),
        ("@message in ['x']", Either((Finds("^x$"),))),
        ("a in [1]", Either((A,))),
        ("a in ['x', \"y\", 3]", Either((equal("a", "x"), equal("a", "y"), equal("a", 3.0)))),
        ("a not in ['x']", Opposite(Either((equal("a", "x"),)))),
        # Functions.
        ("strcontains(a, 'x')", Contains("x", "a")),
        ("strContains(@message, 'x')", Contains("x")),
        ("ispresent(a.b)", Present("a.b")),
        ("not isPresent(a) and b=2", All((Opposite(Present("a")), B))),
    ],
)
def test_what_a_condition_asks(text: str, question: Question) -> None:
    assert read(text) == question
    assert read(text, bare_words=True) == question


@pytest.mark.parametrize(
    ("text", "question"),
    [("a = x", equal("a", "x")), ("a in [x, y_1]", Either((equal("a", "x"), equal("a", "y_1"))))],
)
def test_a_word_without_quotes_is_a_value_where_such_are_taken(
    text: str, question: Question
) -> None:
    assert read(text, bare_words=True) == question
    with pytest.raises(UnreadableError):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "a =", "= 1", "a 1", "a = 1 b", "a = 1 b = 2", "a = 1 and", "or a = 1", "not"),
        *("(a = 1", "a = 1)", "()", "a ( = 1", "a not = 1", "a not", "a = (1)", "a like", "a , 1"),
        *(
            "a like 5",
            "a =~ x",
            "a in 1",
            "a in []",
            "a in [1",
            "a in [1,]",
            "a in [1 2]",
            "a <> ,",
        ),
        *("a = @message", "a = b.c", "a < 'x", "a < ,", "a =~ /(?i)x.y/", "a in (1)", "a < b.c"),
        # The line is no number, and nothing of it is in the stream's name.
        *(
            "@message = 5",
            "@message > 5",
            "@message = /x/",
            "@logStream like /x/",
            "@timestamp > 5",
        ),
        *("ispresent(@message)", "ispresent(a", "ispresent()", "ispresent(a, 'x')", "other(a)"),
        *("strcontains(a)", "strcontains(a 'x')", "strcontains(a, x)", "strcontains(a, 'x'"),
        *("ispresent('a')", "other(a, 'x')", "ispresent(a) = 1"),
    ],
)
def test_what_is_no_condition(text: str) -> None:
    for bare_words in (False, True):
        with pytest.raises(UnreadableError):
            read(text, bare_words=bare_words)


@pytest.mark.parametrize(
    ("query", "question"),
    [
        ("filter a = 1", A),
        ("FILTER a = 1 | sort @timestamp desc | limit 20", A),
        ("fields @timestamp, @message | filter a = 1 | filter b = 2", All((A, B))),
        ("filter a = 1 or b = 2 | filter c = 3", All((Either((A, B)), C))),
        ("| filter a = 1 |", A),
        ("@message like /x/", Contains("x")),
    ],
)
def test_what_a_query_asks(query: str, question: Question) -> None:
    assert asked_by_query(query) == question


@pytest.mark.parametrize(
    "query",
    [
        *("", "|", "fields @message", "stats count(*) by bin(5m)", "filter", "filter a"),
        *("filter a = 1 | filter b", "@message like /x/ | limit 5", "sort @timestamp desc"),
        # A word without quotes is another field.
        *("a = 1", "a like /x/", "filter a = x", "filter " + "(" * 5000),
    ],
)
def test_a_query_that_asks_nothing_of_a_line(query: str) -> None:
    assert asked_by_query(query) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fields @message", True),
        ("x | stats count(*)", True),
        ("ERROR |filter a", True),
        ("FILTER a = 1", True),
        ("filter a like 'x'", True),
        ("filter a in ['x']", True),
        ("stats count(*)", True),
        ("filter ispresent(a)", True),
        ("@message like 'x'", True),
        ("@message not like 'x'", True),
        ("@message in ['x']", True),
        ("@message='x'", True),
        ("filter of water", False),
        ("limit reached", False),
        ("ERROR | WARN", False),
        ("a limit = 5", False),
        ("@message", False),
    ],
)
def test_what_reads_as_a_query(text: str, expected: bool) -> None:
    assert is_query(text) is expected
