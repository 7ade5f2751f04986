"""Deploys the examples in TypeScript and Go as their readers would: ``make languages``.

Each is copied with the components; ``pulumi install`` makes its SDK and gets packages, for which
npm's and Go's registries must answer; the real engine deploys it to the embedded AWS, finds nothing
to change, and destroys it. All say the same, so all must come to the same alarms. It takes minutes,
most of them Go's compiler's.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox.emulator import Emulator, running_emulator
from sandbox.engine import HOW_TO_GET_ONE, PulumiEngine, find_engine
from sandbox.engine_deployer import engine_deployer

ROOT: Final = Path(__file__).resolve().parent.parent
EXAMPLES: Final = Path("examples", "components")
REGION: Final = "ap-northeast-1"

_LEFTOVERS: Final = shutil.ignore_patterns(
    ".venv", "__pycache__", "build", "*.egg-info", "sdks", "node_modules", "bin", "Pulumi.*.yaml"
)


class ExampleError(Exception):
    """An example does not do what its readers are told; the message has what Pulumi said."""


@dataclass(frozen=True)
class Example:
    """An example program.

    Attributes:
        language: its folder.
        programs: what must be on the PATH besides Pulumi.
    """

    language: str
    programs: tuple[str, ...]

    def missing(self, path: str) -> list[str]:
        """Programs that are not on a PATH."""
        return [program for program in self.programs if not shutil.which(program, path=path)]


# A full Pulumi CLI brings its language hosts; one built by `make engine` has none.
EXAMPLES_BY_LANGUAGE: Final = {
    example.language: example
    for example in (
        Example("typescript", ("node", "npm", "pulumi-language-nodejs", "pulumi-language-python")),
        Example("go", ("go", "pulumi-language-go", "pulumi-language-python")),
    )
}


def deployed(example: Example, emulator: Emulator, environment: Mapping[str, str]) -> set[str]:
    """Deploy an example and destroy it again.

    Returns:
        The names of the alarms that it had.

    Raises:
        ExampleError: a command fails; or alarms are left over.
    """
    cloudwatch = emulator.client("cloudwatch", REGION)

    def alarms() -> set[str]:
        answer = cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        every = [*answer["MetricAlarms"], *answer["CompositeAlarms"]]
        return {alarm["AlarmName"] for alarm in every}

    with tempfile.TemporaryDirectory(prefix="languages-") as scratch:
        folder = Path(scratch) / EXAMPLES / example.language
        shutil.copytree(ROOT / "components", Path(scratch, "components"), ignore=_LEFTOVERS)
        shutil.copytree(ROOT / EXAMPLES / example.language, folder, ignore=_LEFTOVERS)
        for command in (
            "install",
            "stack init prod",
            f"config set aws:region {REGION}",
            "preview",
            "up --yes --skip-preview",
            "preview --expect-no-changes",
        ):
            _pulumi(command, folder, environment)
        made = alarms()
        _pulumi("destroy --yes --skip-preview", folder, environment)
    if left := alarms():
        raise ExampleError(f"alarms are left over: {', '.join(sorted(left))}")
    return made


def _pulumi(command: str, folder: Path, environment: Mapping[str, str]) -> None:
    """Run a command of Pulumi's.

    Raises:
        ExampleError: it fails.
    """
    start = time.monotonic()
    run = subprocess.run(
        ["pulumi", *command.split(), "--non-interactive"],
        cwd=folder,
        env={**environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if run.returncode:
        raise ExampleError(f"pulumi {command} fails:\n{run.stdout}")
    print(f"  pulumi {command}: {time.monotonic() - start:.0f} s", flush=True)


def tried(wanted: list[str], engine: PulumiEngine) -> int:
    """Deploy examples one after the other; 0 where all that can be tried do, and alike."""
    path = os.pathsep.join([str(Path(engine.path).parent), os.environ["PATH"]])
    made: dict[str, set[str]] = {}
    with running_emulator() as emulator:
        for language in wanted:
            example = EXAMPLES_BY_LANGUAGE[language]
            if missing := example.missing(path):
                print(f"{language}: not tried: not on the PATH: {', '.join(missing)}")
                continue
            print(f"{language}:", flush=True)
            emulator.reset()
            try:
                with engine_deployer(engine, emulator) as deployer:
                    environment = {**os.environ, **deployer.environment, "PATH": path}
                    made[language] = deployed(example, emulator, environment)
            except ExampleError as error:
                print(f"{language}: {error}", file=sys.stderr)
                return 1
            print(f"  {len(made[language])} alarms, as they should be")
    if len(set(map(frozenset, made.values()))) > 1:
        print("the examples come to different alarms", file=sys.stderr)
        return 1
    return 0 if made else 2


def main() -> int:
    """Try the examples that were asked for; 1 where one fails, 2 where none can be tried."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.languages", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "language", nargs="*", help=f"{', '.join(EXAMPLES_BY_LANGUAGE)}; all if left out"
    )
    wanted = parser.parse_args().language or [*EXAMPLES_BY_LANGUAGE]
    unknown = [language for language in wanted if language not in EXAMPLES_BY_LANGUAGE]
    if unknown:
        parser.error(f"no example: {', '.join(unknown)}")
    engine = find_engine()
    if engine is None:
        print(f"there is no Pulumi CLI: run make engine, or {HOW_TO_GET_ONE}", file=sys.stderr)
        return 2
    return tried(wanted, engine)


if __name__ == "__main__":
    sys.exit(main())
