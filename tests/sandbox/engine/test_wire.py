"""Secrets and unknown values survive the way over the wire, and nothing gives a secret away."""

from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from sandbox.wire import (
    UNKNOWN,
    Secret,
    from_struct,
    holds_secret,
    holds_unknown,
    revealed,
    secret_texts,
    to_struct,
    wrapped_as,
)

_plain = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.just(UNKNOWN)
_values = st.recursive(
    _plain,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        | inner.map(Secret)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=5), _values, max_size=4))
def test_properties_come_back_as_they_were_sent(properties: dict[str, object]) -> None:
    assert from_struct(to_struct(properties)) == properties


def test_whole_numbers_are_no_floats() -> None:
    struct = Struct()
    struct.update({"period": 60, "threshold": 80.5})
    found = from_struct(struct)
    assert [type(found[name]) for name in ("period", "threshold")] == [int, float]


def test_a_secret_is_found_revealed_and_wrapped_again() -> None:
    inputs = {"endpoint": Secret("https://a.b"), "names": ["x", Secret({"y": "zz"})], "plain": 1}
    assert holds_secret(inputs)
    assert not holds_secret(inputs["plain"])
    assert revealed(inputs) == {"endpoint": "https://a.b", "names": ["x", {"y": "zz"}], "plain": 1}
    assert secret_texts(inputs) == {"https://a.b", "zz"}
    outputs = {"endpoint": "https://a.b", "names": [], "plain": 1, "arn": "arn"}
    assert wrapped_as(outputs, inputs) == {
        "endpoint": Secret("https://a.b"),
        "names": Secret([]),
        "plain": 1,
        "arn": "arn",
    }
    assert "https" not in repr(inputs)


def test_what_is_none_is_left_out_and_what_is_unknown_is_not() -> None:
    assert revealed({"a": None, "b": {"c": None, "d": UNKNOWN}}) == {"b": {"d": UNKNOWN}}
    assert holds_unknown({"b": [Secret(UNKNOWN)]})
    assert not holds_unknown({"b": ["04da6b54"]})
