"""The nightly mutation run changes what matters, one thing at a time."""

from pathlib import Path

import pytest

from stack.config import PROJECT
from tools.mutants import Mutant, count, mutant_of
from tools.mutation import Copy, beside, sample


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ("a < 3", ["a < 3 -> a <= 3", "3 -> 4"]),
        ("a and not b", ["a and (not b) -> a or not b", "not b -> b"]),
        ("x: int = -1", ["-1 -> 1", "1 -> 2"]),
        ("f(a, opts=o)", ["f(a, opts=o) -> pass", "f(...) without opts=o"]),
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


@pytest.mark.parametrize(
    ("path", "tests"),
    [
        ("components/ecs_monitoring/rules/ecs.py", ["tests/rules"]),
        ("components/ecs_monitoring/alert_routing.py", ["tests/components"]),
        ("ops/review/running.py", ["tests/ops/review"]),
        ("settings/model.py", ["tests/settings"]),
        ("stack/tree.py", []),
    ],
)
def test_the_tests_beside_a_module_run_first(path: str, tests: list[str]) -> None:
    assert beside(path) == tests
    assert all((PROJECT / folder).is_dir() for folder in tests)


@pytest.mark.slow
def test_a_fault_is_noticed_and_a_comment_is_not(tmp_path: Path) -> None:
    path = "components/ecs_monitoring/catalog/prices.py"
    source = (PROJECT / path).read_text(encoding="utf-8")
    copy = Copy(tmp_path / "copy", ["tests/catalog/test_prices.py"])
    comment = Mutant(path=path, line=1, change="a comment", source=f"{source}\n# Nothing.\n")
    assert not copy.try_out(comment, 120).noticed
    fault = Mutant(path=path, line=1, change="no prices", source=source.replace(".json", ".jsn"))
    assert fault.source != source
    assert copy.try_out(fault, 120).noticed
    # Taken out again, so that the next one stands alone.
    assert copy.passes(120)
