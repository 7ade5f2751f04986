"""How a stack's file is changed: laid out as it was, whole texts before and after."""

from pathlib import Path
from typing import Any, Final

import pytest

from review.stack_file import Edit, Fields, OverridesError, edit, inline


def edited(tmp_path: Path, text: str, overrides: dict[str, Fields], *notes: str) -> Edit:
    path = tmp_path / "Pulumi.prod.yaml"
    path.write_bytes(text.encode())
    return edit(path, "shop", overrides, notes)


HIGHER: Final[dict[str, Fields]] = {"ecs.cpu-high": {"threshold": 85}}

LAYOUTS: Final = (
    # Lists as far in as their key, or farther, with two spaces and with four.
    "config:\n  shop:list:\n  - a: 1\n    b: 2\n",
    "config:\n  shop:list:\n    - a: 1\n      b: 2\n",
    "config:\n    shop:list:\n      - a: 1\n        b: 2\n",
    "config:\n    shop:list:\n    -   a: 1\n        b: 2\n",
    "config:\n    shop:list:\n        - a: 1\n          b: 2\n",
)


@pytest.mark.parametrize("text", LAYOUTS)
def test_people_indent_in_many_ways(tmp_path: Path, text: str) -> None:
    step = text[len("config:\n") :].split("shop")[0]
    found = edited(tmp_path, text, HIGHER)
    assert found == Edit(
        path=tmp_path / "Pulumi.prod.yaml",
        before=text,
        after=f"{text}{step}shop:alarms:\n{2 * step}ecs.cpu-high: {{threshold: 85}}\n",
    )


LONG: Final = " ".join(["word"] * 40)


@pytest.mark.parametrize(
    "kept",
    [
        f"  shop:note: {LONG}",
        f'  shop:note: "{LONG}"',
        "  shop:one: 'a'\n  shop:other: \"b\"\n  shop:plain: c",
        "  shop:flow: {a: 1, b: [1, 2]}",
        "  # of its own\n  shop:number: 0x10   # beside",
    ],
)
def test_what_is_not_changed_stays_as_it_is_written(tmp_path: Path, kept: str) -> None:
    text = f"config:\n{kept}\n  shop:alarms:\n    ecs.cpu-high: {{threshold: 90}}\n"
    assert edited(tmp_path, text, HIGHER).after == text.replace("90", "85")


@pytest.mark.parametrize(
    ("section", "overrides", "expected"),
    [
        # A new one on one line, one that is there as it is laid out, several at once.
        ("", {"a.b@c": {"threshold": 1.5}}, "    a.b@c: {threshold: 1.5}\n"),
        (
            "    a.b@c:\n      threshold: 2\n",
            {"a.b@c": {"threshold": 1, "evaluation_periods": 3}},
            "    a.b@c:\n      threshold: 1\n      evaluation_periods: 3\n",
        ),
        (
            "    a.b: {threshold: 2}\n",
            {"a.b": {"threshold": 1}, "a.d": {"datapoints_to_alarm": 2}},
            "    a.b: {threshold: 1}\n    a.d: {datapoints_to_alarm: 2}\n",
        ),
        ("    a.b: {}\n", {"a.b": {"threshold": 1}}, "    a.b: {threshold: 1}\n"),
        ("    a.b:\n", {"a.b": {"threshold": 1}}, "    a.b: {threshold: 1}\n"),
        # By hour, in place of other hours; a distance without hours takes old ones back.
        (
            "    a.b@c: {recent: 5, recent_by_hour: {06-18: 25}}\n",
            {"a.b@c": {"recent": 8, "recent_by_hour": {"20-08": 2.5}}},
            "    a.b@c: {recent: 8, recent_by_hour: {20-08: 2.5}}\n",
        ),
        (
            "    a.b@c: {recent: 5, recent_by_hour: {06-18: 25}}\n",
            {"a.b@c": {"recent": 8}},
            "    a.b@c: {recent: 8, recent_by_hour: {}}\n",
        ),
        # Nothing is taken back where there is nothing, or the distance stays.
        (
            "    a.b@c: {recent: 5}\n",
            {"a.b@c": {"recent": 8}},
            "    a.b@c: {recent: 8}\n",
        ),
        (
            "    a.b@c: {recent: 5, recent_by_hour: {06-18: 25}}\n",
            {"a.b@c": {"threshold": 8}},
            "    a.b@c: {recent: 5, recent_by_hour: {06-18: 25}, threshold: 8}\n",
        ),
        # Those of the key reach the target too.
        (
            "    a.b: {recent: 5, recent_by_hour: {06-18: 25}}\n",
            {"a.b@c": {"recent": 8}},
            "    a.b: {recent: 5, recent_by_hour: {06-18: 25}}\n"
            "    a.b@c: {recent_by_hour: {}, recent: 8}\n",
        ),
    ],
)
def test_overrides_in_their_section(
    tmp_path: Path, section: str, overrides: dict[str, Fields], expected: str
) -> None:
    head, tail = "config:\n  shop:alarms:\n", "  shop:tags: {}\n"
    found = edited(tmp_path, head + section + tail, overrides)
    assert found.after == head + expected + tail


def test_a_section_without_the_projects_name_stays_one(tmp_path: Path) -> None:
    text = "config:\n  alarms:\n    ecs.cpu-high: {threshold: 90}\n"
    assert edited(tmp_path, text, HIGHER).after == text.replace("90", "85")
    # Where both are there, it is none of the project's.
    both = f"{text}  shop:alarms:\n    ecs.cpu-high: {{threshold: 91}}\n"
    assert edited(tmp_path, both, HIGHER).after == both.replace("91", "85")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Used once more by an alias, in a list, and by a merge key; an anchor that is needed no
        # more is gone.
        (
            "  shop:x: &a {threshold: 9}\n  shop:alarms:\n    ecs.cpu-high: *a\n",
            "  shop:x: {threshold: 9}\n  shop:alarms:\n    ecs.cpu-high: {threshold: 85}\n",
        ),
        (
            "  shop:x:\n  - &a {threshold: 9}\n  shop:alarms:\n    ecs.cpu-high: *a\n",
            "  shop:x:\n  - {threshold: 9}\n  shop:alarms:\n    ecs.cpu-high: {threshold: 85}\n",
        ),
        (
            "  shop:alarms:\n    ecs.cpu-high: &a {threshold: 9}\n    rds.cpu-high:\n"
            "      <<: *a\n      evaluation_periods: 2\n",
            "  shop:alarms:\n    ecs.cpu-high: {threshold: 85}\n    rds.cpu-high:\n"
            "      <<: {threshold: 9}\n      evaluation_periods: 2\n",
        ),
        # What it merges itself is not its own.
        (
            "  shop:x: &a {threshold: 9}\n  shop:alarms:\n    ecs.cpu-high:\n      <<: *a\n"
            "      evaluation_periods: 2\n",
            "  shop:x: &a {threshold: 9}\n  shop:alarms:\n    ecs.cpu-high:\n      <<: *a\n"
            "      evaluation_periods: 2\n      threshold: 85\n",
        ),
    ],
)
def test_what_is_shared_gets_a_copy(tmp_path: Path, text: str, expected: str) -> None:
    assert edited(tmp_path, f"config:\n{text}", HIGHER).after == f"config:\n{expected}"


def test_the_diff(tmp_path: Path) -> None:
    text = "config:\n  shop:alarms:\n    ecs.cpu-high: {threshold: 90}\n"
    found = edited(tmp_path, text, HIGHER, "ecs.memory-high: left out")
    assert found.notes == ("ecs.memory-high: left out",)
    assert found.diff == (
        "--- Pulumi.prod.yaml\n"
        "+++ Pulumi.prod.yaml (suggested)\n"
        "@@ -1,3 +1,3 @@\n"
        " config:\n"
        "   shop:alarms:\n"
        "-    ecs.cpu-high: {threshold: 90}\n"
        "+    ecs.cpu-high: {threshold: 85}\n"
    )


def test_without_an_override_any_file_stays(tmp_path: Path) -> None:
    text = "config:   {a: 1,\n b:    2}\n"
    found = edited(tmp_path, text, {}, "nothing to do")
    assert (found.before, found.after, found.diff) == (text, text, "")
    assert found.notes == ("nothing to do",)


def test_a_layout_that_cannot_be_kept(tmp_path: Path) -> None:
    overrides: dict[str, Fields] = {
        "ecs.cpu-high": {"threshold": 85, "recent_by_hour": {"06-18": 2.5, "Sun 02-05": 4}},
        "rds.cpu-high": {"recent": 1.5},
    }
    with pytest.raises(OverridesError) as refused:
        edited(tmp_path, "config:   {a: 1}\n", overrides)
    assert str(refused.value) == (
        "Pulumi.prod.yaml is laid out in a way that cannot be kept; write these lines under "
        "shop:alarms yourself:\n"
        "    ecs.cpu-high: {threshold: 85, recent_by_hour: {06-18: 2.5, Sun 02-05: 4}}\n"
        "    rds.cpu-high: {recent: 1.5}"
    )


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.prod.yaml"
    with pytest.raises(OverridesError, match=r"Pulumi\.prod\.yaml: cannot be read: "):
        edit(path, "shop", HIGHER)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(OverridesError, match=r"Pulumi\.prod\.yaml: cannot be read: 'utf-8'"):
        edit(path, "shop", HIGHER)


@pytest.mark.parametrize(
    ("section", "what"),
    [
        ("    ecs.cpu-high:\n      secure: v1:abc\n", "shop:alarms.ecs.cpu-high"),
        (
            "    ecs.cpu-high:\n      evaluation_periods: 2\n      threshold:\n"
            "        secure: v1:abc\n",
            "shop:alarms.ecs.cpu-high.threshold",
        ),
    ],
)
def test_a_secret_is_not_written_over(tmp_path: Path, section: str, what: str) -> None:
    wanted: dict[str, Fields] = {"ecs.cpu-high": {"evaluation_periods": 3, "threshold": 85}}
    section = section.replace(
        "        secure", "      secure" if "periods" not in section else "        secure"
    )
    with pytest.raises(OverridesError) as refused:
        edited(tmp_path, f"config:\n  shop:alarms:\n{section}", wanted)
    assert str(refused.value) == (
        f"{what} is a secret, which this tool leaves one; change it with `pulumi config set "
        f"--secret --path '{what}' VALUE`: evaluation_periods 3, threshold 85"
    )


def test_a_secret_of_another_field_stays(tmp_path: Path) -> None:
    text = (
        "config:\n  shop:alarms:\n    ecs.cpu-high:\n      threshold: 90\n"
        "      evaluation_periods:\n        secure: v1:abc\n"
    )
    assert edited(tmp_path, text, HIGHER).after == text.replace("90", "85")


@pytest.mark.parametrize(
    ("value", "text"),
    [(85, "85"), (1.5, "1.5"), ({}, "{}"), ({"a": 1, "b": {"c": 2.5}}, "{a: 1, b: {c: 2.5}}")],
)
def test_a_value_on_one_line(value: Any, text: str) -> None:
    assert inline(value) == text
