"""Arguments from mappings to their classes: what is converted, what passes, what is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Optional

import pulumi
import pytest
from pydantic import BaseModel

import ecs_monitoring as watch
from ecs_monitoring.args import as_args, as_model, given_fields, stand_ins
from ecs_monitoring.outputs import checked_secret, has_output, mapping_of, merged, plain_output
from ecs_monitoring.rules.alb_target import AlbTarget
from ecs_monitoring.rules.ecs_target import EcsTarget
from tests.components.small import RunComponents
from tests.components.test_outputs import later


@dataclass(frozen=True, kw_only=True)
class Item:
    name: str
    count: Optional[int] = None


@dataclass(frozen=True, kw_only=True)
class Everything:
    """A field of each kind that components have."""

    word: str
    number: Optional[int] = None
    share: Optional[float] = None
    severity: Optional[watch.Severity] = None
    item: Optional[Item] = None
    words: Optional[list[str]] = None
    items: Optional[list[Item]] = None
    severities: Optional[list[watch.Severity]] = None
    by_name: Optional[Mapping[str, Item]] = None
    override: Optional[watch.AlarmOverride] = None
    anything: Any = None
    late: Optional[pulumi.Input[str]] = None
    late_number: Optional[pulumi.Input[int]] = None
    late_item: Optional[pulumi.Input[Item]] = None
    late_words: Optional[list[pulumi.Input[str]]] = None
    late_output: Optional[pulumi.Output[str]] = None


def converted(**fields: Any) -> Everything:
    return as_args(Everything, {"word": "w", **fields}, "C 'c'")


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ({}, {}),
        # Pulumi's component host has no whole numbers.
        ({"number": 3.0, "late_number": 4.0}, {"number": 3, "late_number": 4}),
        ({"share": 2.0}, {"share": 2.0}),
        ({"number": 2.5}, {"number": 2.5}),
        ({"severity": "critical"}, {"severity": watch.Severity.CRITICAL}),
        ({"severities": ["warning"]}, {"severities": [watch.Severity.WARNING]}),
        ({"item": {"name": "a", "count": 1.0}}, {"item": Item(name="a", count=1)}),
        ({"item": Item(name="a")}, {"item": Item(name="a")}),
        (
            {"items": ({"name": "a"}, Item(name="b"))},
            {"items": [Item(name="a"), Item(name="b")]},
        ),
        ({"words": ("a", "b")}, {"words": ["a", "b"]}),
        ({"by_name": {"x": {"name": "a"}}}, {"by_name": {"x": Item(name="a")}}),
        ({"late_item": {"name": "a"}}, {"late_item": Item(name="a")}),
        ({"anything": {"name": 1.0}}, {"anything": {"name": 1.0}}),
        (
            {"override": {"threshold": 5, "period": 60.0}},
            {"override": watch.AlarmOverride(threshold=5.0, period=60)},
        ),
        # Left out, or nothing: the same.
        ({"number": None, "items": None}, {}),
    ],
)
def test_what_a_mapping_becomes(given: dict[str, Any], made: dict[str, Any]) -> None:
    expected = Everything(word="w", **made)
    # As texts: 3.0 equals 3.
    assert repr(converted(**given)) == repr(expected)
    assert as_args(Everything, expected, "C 'c'") == expected


# Path below the component, given, and the whole message.
REFUSED: Final[list[tuple[str, Any, str]]] = [
    (
        "nmber",
        {"nmber": 1},
        'C \'c\': unknown field "nmber"; did you mean "number"? write one of: word, number, '
        "share, severity, item, words, items, severities, by_name, override, anything, late, "
        "late_number, late_item, late_words, late_output",
    ),
    ("word", {"word": None}, "C 'c'.word is missing"),
    ("item.name", {"item": {"count": 1}}, "C 'c'.item.name is missing"),
    (
        "items[1].nam",
        {"items": [{"name": "a"}, {"nam": "b"}]},
        'C \'c\'.items[1]: unknown field "nam"; did you mean "name"? write one of: name, count',
    ),
    ("item", {"item": "a"}, "C 'c'.item: write a mapping of fields to values"),
    ("override", {"override": 5}, "C 'c'.override: write a mapping of fields to values"),
    ("words", {"words": "abc"}, "C 'c'.words: write a list"),
    ("words", {"words": {"a": "b"}}, "C 'c'.words: write a list"),
    ("words", {"words": 3}, "C 'c'.words: write a list"),
    ("by_name", {"by_name": ["a"]}, "C 'c'.by_name: write a mapping of names to values"),
    (
        'by_name["a.b"].name',
        {"by_name": {"a.b": {}}},
        "C 'c'.by_name[\"a.b\"].name is missing",
    ),
    (
        "severities[1]",
        {"severities": ["warning", "critcal"]},
        "C 'c'.severities[1]: 'critcal'; did you mean \"critical\"? write one of: critical, "
        "warning",
    ),
]


@pytest.mark.parametrize(("field", "given", "message"), REFUSED)
def test_what_is_refused_and_where(field: str, given: dict[str, Any], message: str) -> None:
    with pytest.raises(watch.InvalidArgsError) as refusal:
        converted(**given)
    assert str(refusal.value) == message
    assert refusal.value.field == field


def test_outputs_pass_where_they_may_be_and_nowhere_else(run_components: RunComponents) -> None:
    def program() -> None:
        for name in ("late", "late_number", "late_item", "late_output"):
            value = later("x")
            assert getattr(converted(**{name: value}), name) is value
        value = later("x")
        assert converted(late_words=["a", value]).late_words == ["a", value]
        assert converted(anything=value).anything is value
        for name, given in (
            ("word", value),
            ("number", value),
            ("severity", value),
            ("words", value),
            ("words[0]", [value]),
            ("late_words", value),
            ("items[0].name", [{"name": value}]),
            ("by_name.x", {"x": value}),
            ("override", value),
        ):
            with pytest.raises(watch.InvalidArgsError) as refusal:
                converted(**{name.partition(".")[0].partition("[")[0]: given})
            assert str(refusal.value) == (
                f"C 'c'.{name} decides which alarms there are, and an Output is known too late "
                "for that: write a plain value"
            )

    run_components(program)


class Model(BaseModel):
    name: str
    count: int = 1


def test_the_fields_that_are_set() -> None:
    nested = Everything(
        word="w", item=Item(name="a"), by_name={"x": Item(name="b", count=0)}, words=[]
    )
    assert given_fields(nested) == {
        "word": "w",
        "item": {"name": "a"},
        "by_name": {"x": {"name": "b", "count": 0}},
        "words": [],
    }
    assert given_fields(Model(name="a")) == {"name": "a", "count": 1}


def test_args_as_the_model_that_checks_them() -> None:
    given = Model(name="a")
    assert as_model(Model, given, "C 'c'") is given
    assert as_model(Model, Item(name="a", count=2), "C 'c'") == Model(name="a", count=2)
    many: Any = "many"
    with pytest.raises(watch.InvalidArgsError) as refusal:
        as_model(Model, Item(name="a", count=many), "C 'c': targets.web")
    assert [part.field for part in refusal.value.parts] == ["targets.web.count"]


def test_examples_stand_in_for_outputs_alone(run_components: RunComponents) -> None:
    def program() -> None:
        service = {"cluster": later("c"), "service": "s", "min_running_tasks": later(7)}
        examples = EcsTarget.stand_ins()
        assert stand_ins(EcsTarget, service) == {
            "cluster": examples["cluster"],
            "service": "s",
            "min_running_tasks": examples["min_running_tasks"],
        }
        groups = {"load_balancer": "app/a/1", "target_groups": {"a": later("x"), "b": "known"}}
        (group,) = AlbTarget.stand_ins()["target_groups"].values()
        assert stand_ins(AlbTarget, groups) == {
            "load_balancer": "app/a/1",
            "target_groups": {"a": group, "b": "known"},
        }

    run_components(program)


def test_whether_a_value_holds_an_output(run_components: RunComponents) -> None:
    def program() -> None:
        value = later("x")
        assert [has_output(v) for v in (value, [value], {"a": [1, {"b": value}]}, (value,))] == (
            [True] * 4
        )
        assert not any(has_output(v) for v in ("text", 1, None, [], ["x"], {"a": {"b": "x"}}))

    run_components(program)


def test_mappings_as_one(run_components: RunComponents) -> None:
    assert merged([{"a": "1", "b": "1"}, {"b": "2"}]) == {"a": "1", "b": "2"}
    assert merged([]) == {}

    def program() -> None:
        pulumi.export("later", merged([{"a": "1"}, later({"b": "2"})]))
        pulumi.export("of", mapping_of({"a": later("1")}))
        pulumi.export("empty", mapping_of({}))
        pulumi.export("plain", plain_output({"a": ["1"]}))

    assert run_components(program).exports == {
        "later": {"a": "1", "b": "2"},
        "of": {"a": "1"},
        "empty": {},
        "plain": {"a": ["1"]},
    }


@pytest.mark.parametrize("known_at", [str, later], ids=["at once", "later"])
def test_a_secret_that_cannot_be_is_refused_without_being_shown(
    run_components: RunComponents, known_at: Any
) -> None:
    def check(text: str) -> None:
        if text != "right":
            raise ValueError("is not the one")

    def program(text: str) -> None:
        secret = checked_secret(known_at(text), check, "C 'c'.key")
        pulumi.export("key", secret)
        pulumi.export("is", pulumi.Output.from_input(secret.is_secret()))
        pulumi.export("length", secret.apply(len))

    assert run_components(lambda: program("right")).exports["key"] == "[secret]"
    with pytest.raises(watch.InvalidArgsError) as refusal:
        run_components(lambda: program("wrong"))
    assert (str(refusal.value), refusal.value.field) == ("C 'c'.key is not the one", "key")
