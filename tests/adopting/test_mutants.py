"""The nightly mutation run changes what matters, one thing at a time."""

import json
from pathlib import Path

import pytest
from coverage import CoverageData

from stack.config import PROJECT
from tools.mutants import Mutant, count, mutant_of
from tools.mutation import Copy, main, sample
from tools.reached import QUICK, Reached, measured, pytest_command


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ("a < 3", ["a < 3 -> a <= 3", "3 -> 4"]),
        ("a and not b", ["a and (not b) -> a or not b", "not b -> b"]),
        ("x: int = -1", ["-1 -> 1", "1 -> 2"]),
        ("f(a, opts=o)", ["f(a, opts=o) -> pass", "f(...) without opts=o"]),
        ("a = zip(b, c, strict=True)", []),
        ("a: b = field(default=0, repr=False)", ["field(...) without default=0", "0 -> 1"]),
        (
            "def f(a: bool = True) -> int:\n    return g()",
            ["True -> False", "return g() -> return None"],
        ),
        ("@cache(size=3)\nclass A(B, metaclass=C): pass", []),
        ('"A text: 3"', []),
        ("if a: b", ["if a: b -> if not a: b"]),
    ],
)
def test_each_change_by_itself(tmp_path: Path, source: str, changes: list[str]) -> None:
    path = tmp_path / "module.py"
    path.write_text(source, encoding="utf-8")
    mutants = [mutant_of(path, tmp_path, number) for number in range(count(path))]
    assert [mutant.change for mutant in mutants] == changes
    sources = {mutant.source.strip() for mutant in mutants}
    assert len(sources) == len(mutants)
    for mutant in mutants:
        compile(mutant.source, "module.py", "exec")


def test_a_seed_draws_the_same_sample_again_and_another_one_others() -> None:
    first = sample(20, "2026-11-26", ["settings"])
    assert first == sample(20, "2026-11-26", ["settings"])
    assert first != sample(20, "2026-11-27", ["settings"])
    assert {mutant.path.partition("/")[0] for mutant in first} == {"settings"}


_MODULE = """\
LIMIT = 3


def outer(a: int = 1) -> int:
    def inner() -> int:
        return a
    return inner()
"""


@pytest.mark.parametrize(
    ("line", "first"),
    [
        # The module's own tests, then those that run the fewest lines of all.
        (
            7,
            [
                "tests/test_limits.py::test_c",
                "tests/test_broad.py::test_narrow",
                "tests/test_narrow.py::test_b",
                "tests/test_broad.py::test_a",
            ],
        ),
        # The innermost function.
        (6, ["tests/test_narrow.py::test_b"]),
        # What happens when the module is imported: no test more than any other.
        (4, []),
        (1, []),
    ],
)
def test_the_tests_that_ran_a_function_run_first(
    tmp_path: Path, line: int, first: list[str]
) -> None:
    (tmp_path / "limits.py").write_text(_MODULE, encoding="utf-8")
    data = CoverageData(str(tmp_path / ".coverage"))
    ran = {
        "tests/test_broad.py::test_a[x::y]|run": {"limits.py": {5, 7}, "other.py": {1, 2, 3}},
        "tests/test_broad.py::test_narrow|run": {"limits.py": {5, 7}},
        "tests/test_narrow.py::test_b|setup": {"limits.py": {5, 6, 7}},
        "tests/test_limits.py::test_c|run": {"limits.py": {5, 7}, "other.py": {1, 2, 3, 4}},
        "": {"limits.py": {1, 4}},
    }
    for context, lines in ran.items():
        data.set_context(context)
        data.add_lines({str(tmp_path / path): numbers for path, numbers in lines.items()})
    assert Reached(tmp_path, data).tests("limits.py", line) == first


_PRICES = "components/ecs_monitoring/catalog/prices.py"


@pytest.mark.slow
def test_a_fault_is_noticed_and_a_comment_is_not(tmp_path: Path) -> None:
    source = (PROJECT / _PRICES).read_text(encoding="utf-8")
    tests = ["tests/catalog/test_prices.py"]
    copy = Copy(PROJECT, tmp_path / "copy")
    reached = measured(copy.folder, [str(Path(_PRICES).parent)], tests, marker=QUICK, jobs=1)
    (line, *_) = (n for n, text in enumerate(source.splitlines(), 1) if "return document" in text)
    assert {test.partition("::")[0] for test in reached.tests(_PRICES, line)} == set(tests)
    run = pytest_command(QUICK) + tests
    comment = Mutant(path=_PRICES, line=1, change="a comment", source=f"{source}\n# Nothing.\n")
    assert not copy.notices(comment, [run], 120)
    fault = Mutant(path=_PRICES, line=1, change="no prices", source=source.replace(".json", ".jsn"))
    assert fault.source != source
    assert copy.notices(fault, [run], 120)
    # Taken out again, so that the next one stands alone.
    assert copy.passes(run, 120)


_PROJECT = {
    "sums.py": """\
def one(a: int) -> int:
    return a + 1
def two(a: int) -> int:
    return -a
""",
    "tests/test_sums.py": """\
import pytest
import sums
def test_one() -> None:
    assert sums.one(4) == 5
@pytest.mark.slow
def test_two() -> None:
    assert sums.two(4)
""",
    "pytest.ini": "[pytest]\nmarkers = slow: not among the quick tests\n",
}


_OF_THE_FIRST = "0"
"""A seed that draws a change of the first function."""


@pytest.mark.slow
def test_slow_tests_try_what_the_quick_ones_do_not_notice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, text in _PROJECT.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.setattr("tools.mutation._ROOT", tmp_path)
    assert main(["sums.py", "--json"]) == 1
    out, err = capsys.readouterr()
    assert {(item["line"], item["change"]): item["noticed_by"] for item in json.loads(out)} == {
        (2, "return a + 1 -> return None"): "quick",
        (2, "a + 1 -> a - 1"): "quick",
        (2, "1 -> 2"): "quick",
        (4, "return -a -> return None"): "slow",
        # That it is not 0 says little: 4 is not, either.
        (4, "-a -> a"): None,
    }
    assert "4 of 5 mutants noticed" in err
    assert main(["sums.py", "--sample", "1", "--seed", _OF_THE_FIRST]) == 0
    (tmp_path / "tests" / "test_sums.py").write_text("def test() -> None: assert 0")
    assert main(["sums.py"]) == 2
