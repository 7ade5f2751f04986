"""Safe tokens: harmless to the log filters, readable, and never one for two texts."""

import re
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_monitoring.tokens import (
    MAX_LENGTH,
    NONE,
    OTHER,
    UNMATCHED,
    route_token,
    safe_token,
)
from ecs_monitoring.cloudwatch.log_pattern import matches
from tests.metrics.emf_lines import GUIDE_PATTERNS

WORDS = (
    "Error", "ERROR", "error", "Exception", "EXCEPTION", "exception", "Unauthorized",
    "Forbidden", "CSRF", "CSRForbidden", "Err_or", "Err__or", "cs", "rf", "Exc", "eption", "E",
    "rror", "_", "%", "\u00ce", "é", "/", "<int:pk>", ":", " ", "(other)", "DatabaseError",
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map("".join))


def original(token: str) -> str:
    """The text of a token that is not shortened: the mapping backwards."""
    if token == NONE:
        return ""
    joined = re.sub(
        r"(?<=err)_(?=_*or)|(?<=exc)_(?=_*eption)|(?<=unauth)_(?=_*orized)"
        r"|(?<=forb)_(?=_*idden)|(?<=cs)_(?=_*rf)",
        "",
        token,
        flags=re.IGNORECASE,
    )
    return unquote_to_bytes(joined).decode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("ValueError", "ValueErr_or"),
        ("DatabaseError", "DatabaseErr_or"),
        ("api/errors/<int:pk>/", "api/err_ors/<int:pk>/"),
        ("ObjectDoesNotExist", "ObjectDoesNotExist"),
        ("CSRForbidden", "CS_RForb_idden"),
        ("Err_or", "Err__or"),
        ("", "(none)"),
        ("(other)", "%28other)"),
        ("50% off", "50%25 off"),
        (":memory:", "%3Amemory:"),
        (" ", "%20"),
        ("注文", "%E6%B3%A8%E6%96%87"),
        ("\u00cerror", "%C3%8Err_or"),
        ("\ud800", "%ED%A0%80"),
        ("a\nb", "a%0Ab"),
    ],
)
def test_examples(text: str, token: str) -> None:
    assert safe_token(text) == token


@given(TEXTS)
def test_a_token_is_a_dimension_value_that_no_filter_finds(text: str) -> None:
    token = safe_token(text)
    assert 1 <= len(token) <= MAX_LENGTH
    assert token.isascii()
    assert token.isprintable()
    assert token.strip()
    assert not token.startswith(":")
    assert token not in (OTHER, UNMATCHED)
    assert not any(matches(pattern, token) for pattern in GUIDE_PATTERNS)


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=20) | TEXTS)
def test_the_text_can_be_told_from_its_token(text: str) -> None:
    token = safe_token(text)
    if "~" not in token:
        assert original(token) == text


@pytest.mark.parametrize("common", ["a" * 300, "é" * 100, "error" * 60])
def test_long_texts_that_differ_at_the_end_differ(common: str) -> None:
    tokens = {safe_token(common + end) for end in ("", "1", "2")}
    assert len(tokens) == 3
    assert {len(token) for token in tokens} == {MAX_LENGTH}


@pytest.mark.parametrize(
    ("route", "token"),
    [
        ("", "/"),
        ("/", "%2F"),
        (None, "(unmatched)"),
        ("(unmatched)", "%28unmatched)"),
        ("orders/<int:pk>/", "orders/<int:pk>/"),
        (r"^articles/(?P<year>[0-9]{4})/$", r"^articles/(?P<year>[0-9]{4})/$"),
    ],
)
def test_routes(route: str | None, token: str) -> None:
    assert route_token(route) == token
