"""The nightly mutation run changes what matters, one thing at a time."""

from pathlib import Path

import pytest
from coverage import CoverageData

from stack.config import PROJECT
from tools.mutants import Mutant, count, mutant_of
from tools.mutation import Copy, sample
from tools.reached import Reached, measured


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ("a < 3", ["a < 3 -> a <= 3", "3 -> 4"]),
        ("a and not b", ["a and (not b) -> a or not b", "not b -> b"]),
        ("x: int = -1", ["-1 -> 1", "1 -> 2"]),
        ("f(a, opts=o)", ["f(a, opts=o) -> pass", "f(...) without opts=o"]),
        ("a = zip(b, c, strict=True)", []),
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
        # The module's own tests, then the file that runs the fewest lines of all.
        (7, ["tests/test_limits.py", "tests/test_narrow.py", "tests/test_broad.py"]),
        # The innermost function.
        (6, ["tests/test_narrow.py"]),
        # What happens when the module is imported: no file more than any other.
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
        "tests/test_narrow.py::test_b|setup": {"limits.py": {5, 6, 7}},
        "tests/test_limits.py::test_c|run": {"limits.py": {5, 7}, "other.py": {1, 2, 3, 4}},
        "": {"limits.py": {1, 4}},
    }
    for context, lines in ran.items():
        data.set_context(context)
        data.add_lines({str(tmp_path / path): numbers for path, numbers in lines.items()})
    assert Reached(tmp_path, data).files("limits.py", line) == first


@pytest.mark.slow
def test_a_fault_is_noticed_and_a_comment_is_not(tmp_path: Path) -> None:
    path = "components/ecs_monitoring/catalog/prices.py"
    source = (PROJECT / path).read_text(encoding="utf-8")
    tests = ["tests/catalog/test_prices.py"]
    copy = Copy(tmp_path / "copy", tests)
    reached = measured(copy.folder, [str(Path(path).parent)], tests, jobs=1)
    (line, *_) = (n for n, text in enumerate(source.splitlines(), 1) if "return document" in text)
    assert reached.files(path, line) == tests
    comment = Mutant(path=path, line=1, change="a comment", source=f"{source}\n# Nothing.\n")
    assert not copy.try_out(comment, 120).noticed
    fault = Mutant(path=path, line=1, change="no prices", source=source.replace(".json", ".jsn"))
    assert fault.source != source
    assert copy.try_out(fault, 120).noticed
    # Taken out again, so that the next one stands alone.
    assert copy.passes(120, tests)
