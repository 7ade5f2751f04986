"""What holds for every pattern in another language: its repair parses, and asks the same."""

import re
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.log_pattern import (
    matches,
    parse_pattern,
    useful_pattern,
)
from ecs_monitoring.cloudwatch.log_pattern.meant import meant_by
from tests.cloudwatch.refusals import refusal

WORDS = st.from_regex(r"[A-Za-z]{1,8}", fullmatch=True).filter(
    lambda word: word not in ("OR", "AND", "NOT")
)


@given(st.lists(WORDS, min_size=2, max_size=4), st.sampled_from([" OR ", "|", " || ", " | "]))
def test_alternatives_in_any_spelling_match_each_of_them(words: list[str], between: str) -> None:
    offered = refusal(between.join(words)).partition("; write ")[2]
    assert all(matches(parse_pattern(offered), word) for word in words)


ATOMS = st.sampled_from(["ERROR", "WARN", "health", '"timed out"'])
BOOLEANS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["AND", "OR", "&&", "||"]), inner),
        st.builds("NOT {}".format, inner),
    ),
    max_leaves=4,
)
LINES = [
    " ".join(words)
    for length in range(4)
    for words in permutations(["ERROR", "WARN", "health", "timed out"], length)
]


def in_python(pattern: str, line: str) -> bool:
    """The answer of Python, whose operators bind alike."""
    spelled = re.sub(r"&&|AND", "and", re.sub(r"[|]{2}|OR\b(?<!ERROR)", "or", pattern))
    spelled = re.sub(r"NOT", "not", spelled)
    asked = re.sub(r'"timed out"|ERROR|WARN|health', lambda m: f"has({m[0]!r})", spelled)
    return bool(eval(asked, {"has": lambda word: word.strip('"') in line}))


@given(BOOLEANS.filter(lambda pattern: " " in pattern.replace("timed out", "")))
def test_what_is_offered_for_operators_has_their_answer(pattern: str) -> None:
    message = refusal(pattern)
    offered = message.partition("; write ")[2]
    if not offered:
        assert "each with its own alarm" in message
        return
    repaired = parse_pattern(offered)
    for line in LINES:
        assert matches(repaired, line) is in_python(pattern, line), (offered, line)


@given(st.text(alphabet="aERO|&'\"/*.?-!(){}[]%$=1 <>,", max_size=30))
def test_whatever_is_offered_as_a_whole_pattern_is_one(pattern: str) -> None:
    meant = meant_by(pattern)
    if (
        meant is None
        or (found := re.fullmatch(r"write (?!two|words|them)(.*)", meant.instead)) is None
    ):
        return
    assert useful_pattern(found[1])
