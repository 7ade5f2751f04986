"""Patterns in other languages: what is offered is what was meant, and has been tried."""

from dataclasses import dataclass

import pytest

from ecs_monitoring.cloudwatch.log_pattern import (
    matches,
    useful_pattern,
)
from ecs_monitoring.cloudwatch.log_pattern.meant import meant_by
from tests.cloudwatch.refusals import refusal


@pytest.mark.parametrize(
    ("pattern", "offered"),
    [
        ("ERROR OR WARN", "?ERROR ?WARN"),
        ("ERROR|WARN", "?ERROR ?WARN"),
        ("(ERROR|WARN|FATAL)", "?ERROR ?WARN ?FATAL"),
        ("ERROR || WARN", "?ERROR ?WARN"),
        ('"payment failed" OR refund', '?"payment failed" ?refund'),
        ("payment failed OR refund", '?"payment failed" ?refund'),
        ("?ERROR OR ?WARN", "?ERROR ?WARN"),
        ("ERROR AND payment", "ERROR payment"),
        ("ERROR && payment", "ERROR payment"),
        ("ERROR&&payment", "ERROR payment"),
        ("ERROR NOT DEBUG", "ERROR -DEBUG"),
        ("ERROR AND NOT DEBUG", "ERROR -DEBUG"),
        ("ERROR !DEBUG", "ERROR -DEBUG"),
        ("'payment failed'", '"payment failed"'),
        ("*ERROR*", "ERROR"),
        (".*ERROR.*", "ERROR"),
        ("(?i)error", "?error ?Error ?ERROR"),
        (r"/5\d\d/", r"%5\d\d%"),
    ],
)
def test_words_of_other_languages_get_what_was_meant(pattern: str, offered: str) -> None:
    assert refusal(pattern).endswith(f"; write {offered}")
    useful_pattern(offered)


def test_or_beside_not_is_no_single_pattern() -> None:
    told = "; use two patterns, each with its own alarm: "
    assert refusal("ERROR OR NOT DEBUG").endswith(f"{told}ERROR, -DEBUG")
    assert refusal("(ERROR OR WARN) NOT health").endswith(f"{told}ERROR -health, WARN -health")


# The condition is from https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail.html
@pytest.mark.parametrize("quotes", ["''", "``", "“”", "‘’"])
def test_what_is_offered_for_other_quotes_matches_the_value(quotes: str) -> None:
    wrong = f"{quotes[0]}Root{quotes[1]}"
    message = refusal(f"{{ $.userIdentity.type = {wrong} }}")
    assert message.endswith('; write "Root"')
    repaired = useful_pattern('{ $.userIdentity.type = "Root" }')
    assert matches(repaired, '{"userIdentity": {"type": "Root"}}')
    assert not matches(repaired, '{"userIdentity": {"type": "IAMUser"}}')


@dataclass(frozen=True)
class Case:
    """A pattern, what is offered for it, and lines that are meant and that are not."""

    pattern: str
    offered: str
    meant: tuple[str, ...]
    others: tuple[str, ...]


CASES = [
    # Regular expressions of other programs.
    Case("/ERR/", "ERR", ("an ERR", "ERROR"), ("err",)),
    Case("ERROR.*timeout", "%ERROR.*timeout%", ("ERROR: timeout",), ("timeout ERROR", "ERROR")),
    Case("^ERROR", "%^ERROR%", ("ERROR x",), ("x ERROR",)),
    Case("ERROR$", "%ERROR$%", ("x ERROR",), ("ERROR x",)),
    Case("^(ERROR|WARN) ", "%^ERROR|^WARN%", ("WARN x",), ("x WARN",)),
    Case(r"took \d+ms!", r"%took \d+ms\x21%", ("took 12ms!",), ("took ms!", "took 12ms")),
    Case("/time(d|s)? out/", "%timed out|times out|time out%", ("time out",), ("timer out",)),
    Case("/error/i", "?error ?Error ?ERROR", ("an Error",), ("err",)),
    Case("%(GET|PUT) /a%", "%GET /a|PUT /a%", ("PUT /a",), ("DELETE /a",)),
    Case("%(?i)error%", "?error ?Error ?ERROR", ("ERROR",), ("err",)),
    Case("[Ee]rror", "%[Ee]rror%", ("Error", "error"), ("ERROR",)),
    Case("[0-9]+ errors", "%[0-9]+ errors%", ("10 errors",), ("no errors",)),
    # Lists, parentheses, lower case.
    Case("ERROR, WARN", "?ERROR ?WARN", ("WARN",), ("INFO",)),
    Case("ERROR,WARN", "?ERROR ?WARN", ("WARN",), ("INFO",)),
    Case("payment failed, refund", '?"payment failed" ?refund', ("payment failed",), ("payment",)),
    Case("(ERROR)", "ERROR", ("ERROR",), ("INFO",)),
    Case("(ERROR OR WARN)", "?ERROR ?WARN", ("WARN",), ("INFO",)),
    Case(
        "(ERROR OR WARN) AND timeout",
        "%ERROR.*timeout|timeout.*ERROR|WARN.*timeout|timeout.*WARN%",
        ("WARN timeout", "timeout: ERROR"),
        ("ERROR", "timeout", "WARN"),
    ),
    Case("ERROR NOT (DEBUG OR health)", "ERROR -DEBUG -health", ("ERROR",), ("ERROR health",)),
    Case("ERROR or WARN", "?ERROR ?WARN", ("WARN",), ("INFO",)),
    Case("ERROR and payment", "ERROR payment", ("payment ERROR",), ("ERROR",)),
    Case("ERROR and not DEBUG", "ERROR -DEBUG", ("ERROR",), ("ERROR DEBUG", "x")),
    Case("+ERROR -DEBUG", "ERROR -DEBUG", ("ERROR",), ("ERROR DEBUG",)),
    Case("ERROR ?a ?b", "%a.*ERROR|ERROR.*a|b.*ERROR|ERROR.*b%", ("ERROR b", "a ERROR"), ("a b",)),
    Case("?ERROR -DEBUG", "ERROR -DEBUG", ("ERROR",), ("ERROR DEBUG", "x")),
    # Brackets that name no fields.
    Case("[ERROR|WARN]", "?ERROR ?WARN", ("WARN",), ("INFO",)),
    Case("[ERROR] OR [WARN]", '?"[ERROR]" ?"[WARN]"', ("[WARN] x",), ("WARN",)),
    Case("[ERROR] timeout", '"[ERROR] timeout"', ("a [ERROR] timeout",), ("ERROR timeout",)),
    # JSON conditions with other languages' operators, and without their braces.
    Case(
        "{ $.level == 'ERROR' or $.level == 'FATAL' }",
        '{ $.level = "ERROR" || $.level = "FATAL" }',
        ('{"level": "FATAL"}',),
        ('{"level": "WARN"}', "ERROR"),
    ),
    Case(
        '{ $.level IN ["A", "B"] AND $.n >= 5 }',
        '{ ($.level = "A" && $.n >= 5) || ($.level = "B" && $.n >= 5) }',
        ('{"level": "B", "n": 5}',),
        ('{"level": "B", "n": 4}', '{"n": 5}'),
    ),
    Case("{ level = ERROR }", '{ $.level = "ERROR" }', ('{"level": "ERROR"}',), ("{}",)),
    Case("{ $.a =~ /^x.*y/ }", "{ $.a = %^x.*y% }", ('{"a": "x-y"}',), ('{"a": "-x-y"}',)),
    Case("{ $.a = /x/ }", '{ $.a = "*x*" }', ('{"a": "-x-"}',), ('{"a": "y"}',)),
    Case("{ $.a <> 5 }", "{ $.a != 5 }", ('{"a": 4}',), ('{"a": 5}',)),
    Case('$.level = "ERROR"', '{ $.level = "ERROR" }', ('{"level": "ERROR"}',), ("{}",)),
    # Text that is a property elsewhere.
    Case("level=ERROR", '"level=ERROR"', ("at=1 level=ERROR",), ("level=INFO",)),
    Case('"level":"ERROR"', r'"\"level\":\"ERROR\""', ('{"level":"ERROR"}',), ("ERROR",)),
]

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html
QUERIES = [
    Case("filter @message like /ERR/", "ERR", ("an ERR",), ("err",)),
    Case("@message like /ERR/", "ERR", ("an ERR",), ("err",)),
    Case(
        "fields @timestamp, @message | filter @message like /ERROR|WARN/ | sort @timestamp desc",
        "?ERROR ?WARN",
        ("WARN",),
        ("INFO",),
    ),
    Case(
        'filter @message like "time out" and @message not like /health/',
        '"time out" -health',
        ("time out",),
        ("time out of health", "out"),
    ),
    Case("filter @message like /(?i)error/", "?error ?Error ?ERROR", ("Error",), ("err",)),
    Case("filter @message =~ /E.*t/ | stats count(*)", "%E.*t%", ("E at",), ("at E",)),
    Case('filter strcontains(@message, "boom")', "boom", ("a boom",), ("bo",)),
    Case(
        'filter level = "ERROR" and status >= 500',
        '{ $.level = "ERROR" && $.status >= 500 }',
        ('{"level": "ERROR", "status": 503}',),
        ('{"level": "ERROR", "status": 404}', '{"status": 503}'),
    ),
    Case(
        "filter ispresent(a.b) and not c in ['x', 'y']",
        '{ $.a.b = "*" && $.c != "x" && $.c != "y" }',
        ('{"a": {"b": 1}, "c": "z"}',),
        ('{"c": "z"}', '{"a": {"b": 1}, "c": "y"}'),
    ),
]


@pytest.mark.parametrize("case", CASES + QUERIES, ids=lambda case: case.pattern)
def test_what_is_offered_matches_what_is_meant(case: Case) -> None:
    assert refusal(case.pattern).endswith(f"; write {case.offered}")
    repaired = useful_pattern(case.offered)
    lines = case.meant + case.others
    assert tuple(line for line in lines if matches(repaired, line)) == case.meant


@pytest.mark.parametrize("case", QUERIES, ids=lambda case: case.pattern)
def test_a_query_is_told_to_be_one(case: Case) -> None:
    assert "this is a query of Logs Insights" in refusal(case.pattern)


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        # A filter has no streams and counts nothing.
        ("filter @logStream like /web/", "look for words, as ?ERROR ?Error"),
        ("stats count(*) by bin(5m)", "look for words, as ?ERROR ?Error"),
        (
            'filter @message like /a/ or b = "x"',
            '; use two patterns, each with its own alarm: a, { $.b = "x" }',
        ),
        ("?A ?B -health", "; use two patterns, each with its own alarm: A -health, B -health"),
        (r"\bERROR\b", "put what filters support"),
    ],
)
def test_what_no_single_pattern_asks_is_told(pattern: str, told: str) -> None:
    assert told in refusal(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["/ERR/", "ERROR.*timeout", "^ERROR", "ERROR$", "ERROR, WARN", "(ERROR)", "ERROR or WARN"],
)
def test_what_may_be_meant_as_it_stands_is_offered_in_quotes_as_well(pattern: str) -> None:
    assert f'("{pattern}" in quotes looks for exactly this text)' in refusal(pattern)
    literal = useful_pattern(f'"{pattern}"')
    assert matches(literal, f"before {pattern} after")
    assert not matches(literal, "ERROR timeout")


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        ("filter words in a sentence", "these filter words stand in a sentence"),
        ("fields of corn", "fields of corn"),
        ("could not connect", "could not connect to host"),
        ("OR", "this OR that"),
        ('"ERROR.*timeout"', "ERROR.*timeout"),
        ('"ERROR, WARN"', "ERROR, WARN"),
        ('"a=b"', "a=b"),
        ("[level = ERROR, ...]", "ERROR x"),
        ("{ $.host = 10.0.* }", '{"host": "10.0.1"}'),
    ],
)
def test_what_is_in_no_other_language_is_taken(pattern: str, line: str) -> None:
    assert matches(useful_pattern(pattern), line)


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        ("error or warning", "?error ?warning"),
        ("could not connect", "could -connect"),
        ("timed out and retried", "timed out retried"),
        ("CPU and memory exhausted", "CPU memory exhausted"),
    ],
)
def test_a_phrase_with_small_joining_words_is_taken_and_told_of(pattern: str, meant: str) -> None:
    useful_pattern(pattern)
    told = meant_by(pattern)
    assert told is not None
    assert told.is_doubtful
    assert f'"{pattern}" in quotes' in told.problem
    assert told.instead == f"write {meant}"


@pytest.mark.parametrize("pattern", ["error warning", "?error ?warning", '"a or b"', "android", ""])
def test_words_alone_are_told_nothing(pattern: str) -> None:
    assert meant_by(pattern) is None
