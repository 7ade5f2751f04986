"""Deploys a stack to an embedded AWS, breaks things, and sees who is told."""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pulumi
from rich.console import Console
from rich.markup import escape

from ecs_monitoring.catalog.metrics.health import ROUTE53_REGION
from ops.arguments import add_changes
from ops.terminal import ExitCode, complain, opened_console, print_json, take_any_encoding
from sandbox.account import prepare_account
from sandbox.aws_events import DeployedRule, play_events, read_rules
from sandbox.deploy import DeploymentMode, open_deployer
from sandbox.deployed import Deployed, judging, read_deployed
from sandbox.emulator import ACCOUNT, Emulator, EmulatorError, running_emulator
from sandbox.engine import NoEngineError
from sandbox.handlers import LIMITATIONS
from sandbox.inbox import Inboxes
from sandbox.notification import incident_notification
from sandbox.outcome import Deployment, DeploymentError
from sandbox.readback import compared, differences, not_compared
from sandbox.readback.account_reader import AccountReader
from sandbox.scenario import Scenario, ScenarioError
from sandbox.scenario_files import load_scenarios, usual_traffic
from sandbox.simulate import OrdinaryDays, simulate
from sandbox.story import tell
from sandbox.verdict import ScenarioVerdict, judge, unfired
from stack.config import StackConfig, StackConfigError, read_stack_config, stacks
from stack.program import run_program


def main(argv: list[str] | None = None) -> int:
    """Run the sandbox; returns the exit code (0 as expected, 1 not, 2 wrong arguments)."""
    take_any_encoding()
    arguments = _parser().parse_args(argv)
    console = opened_console(is_json=arguments.json)
    try:
        config = read_stack_config(arguments.stack, settings=arguments.changes)
        scenarios = load_scenarios(arguments.scenarios)
        # Wrong settings are said before anything is started.
        run_program(config)
        with running_emulator() as emulator:
            return _run(console, arguments, emulator, config, scenarios)
    except (
        StackConfigError,
        ScenarioError,
        NoEngineError,
        EmulatorError,
        pulumi.RunError,
    ) as error:
        complain(str(error))
        return ExitCode.REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description=__doc__,
        epilog=f"stacks here: {', '.join(stacks())}",
    )
    parser.add_argument("stack", help="the stack, such as staging: reads Pulumi.<stack>.yaml")
    parser.add_argument(
        "--engine",
        type=DeploymentMode,
        choices=list(DeploymentMode),
        default=DeploymentMode.AUTO,
        help="deploy with the Pulumi engine, in process without it, or whichever there is",
    )
    parser.add_argument(
        "--scenario",
        metavar="NAME",
        action="append",
        default=[],
        dest="scenarios",
        help="run this scenario alone; may be given several times",
    )
    add_changes(parser)
    parser.add_argument(
        "--message",
        action="store_true",
        help="print the message of each incident's page, in the shape that AWS sends it",
    )
    parser.add_argument("--json", action="store_true", help="the result as JSON, for scripts")
    return parser


def _run(
    console: Console,
    arguments: argparse.Namespace,
    emulator: Emulator,
    config: StackConfig,
    scenarios: Mapping[str, Scenario],
) -> int:
    started = time.monotonic()
    prepare_account(emulator, config)
    try:
        outcome = _deploy(console, arguments.engine, emulator, config)
    except DeploymentError as error:
        console.print(f"[bold red]the deployment failed:[/] {escape(str(error))}", soft_wrap=True)
        return ExitCode.ATTENTION
    faults = _read_back(console, emulator, config, outcome)
    prefix = f"{config.project}-{config.stack}-"
    regions = dict.fromkeys((config.region, ROUTE53_REGION))
    deployed = replace(
        read_deployed(emulator.clients, regions, prefix),
        deployment_alarms=judging(outcome.exports),
    )
    rules = read_rules(emulator.clients, regions)
    verdicts = _play(
        console, emulator, config, deployed, rules, scenarios, messages=arguments.message
    )
    # Some scenarios alone say nothing about what all of them cover.
    uncovered = None if arguments.scenarios else unfired(deployed, verdicts.values(), rules)
    failed = sorted(name for name, verdict in verdicts.items() if verdict.faults)
    _summary(console, config, verdicts, failed, uncovered, time.monotonic() - started)
    if arguments.json:
        print_json(_as_json(config, outcome, faults, verdicts, uncovered))
    return ExitCode.ATTENTION if faults or failed else ExitCode.DONE


def _deploy(
    console: Console, engine: DeploymentMode, emulator: Emulator, config: StackConfig
) -> Deployment:
    console.print(f"[bold]1. Deploy[/] {config.project}/{config.stack} to {emulator.url}")
    with open_deployer(
        emulator, engine, say=lambda line: console.print(f"  {escape(line)}")
    ) as deployer:
        stack = deployer.stack(
            config, progress=lambda change: console.print(f"  {escape(str(change))}")
        )
        outcome = stack.up()
    console.print(f"  {outcome.summary} in {outcome.seconds:.1f} s")
    for warning in outcome.warnings:
        console.print(f"  [yellow]warning:[/] {escape(warning)}", soft_wrap=True)
    return outcome


def _read_back(
    console: Console, emulator: Emulator, config: StackConfig, outcome: Deployment
) -> list[str]:
    console.print("\n[bold]2. Read back[/] and compare with what was registered")
    lines = differences(AccountReader(emulator.clients, config.region), outcome.registrations)
    for difference in lines:
        console.print(f"  [bold red]difference:[/] {escape(difference)}", soft_wrap=True)
    total = compared(outcome.registrations)
    console.print(f"  {total} resources compared, {len(lines)} differences")
    if left := not_compared(outcome.registrations):
        console.print(f"  not compared: {', '.join(left)}")
    return lines


def _play(
    console: Console,
    emulator: Emulator,
    config: StackConfig,
    deployed: Deployed,
    rules: Sequence[DeployedRule],
    scenarios: Mapping[str, Scenario],
    *,
    messages: bool,
) -> dict[str, ScenarioVerdict]:
    events = f" and {len(rules)} rules for AWS's events" if rules else ""
    console.print(f"\n[bold]3. Scenarios[/] against {len(deployed.alarms)} deployed alarms{events}")
    if deployed.pages_incidents:
        console.print(f"  incidents page: {len(deployed.composites)} composite alarms over them")
    usual = usual_traffic()
    ordinary = OrdinaryDays(deployed, scenarios.values(), usual)
    told = {topic for rule in rules for topic in rule.targets}
    inboxes = Inboxes(emulator.clients, deployed.topics() | told)
    verdicts = {}
    for name, scenario in scenarios.items():
        simulation = simulate(deployed, scenario, usual, ordinary)
        for change in simulation.changes:
            inboxes.carry_out(change)
        for event in simulation.incidents:
            inboxes.carry_out(event)
        played = play_events(deployed, rules, scenario, config.region)
        for sent in played.sent:
            inboxes.publish(sent)
        verdicts[name] = judge(deployed, scenario, simulation, inboxes.read(), played)
        tell(console, name, scenario, verdicts[name])
        for event in verdicts[name].incidents if messages else ():
            if event.actions:
                region = emulator.clients.region_name(event.alarm.region)
                subject, message = incident_notification(event, ACCOUNT, region)
                console.print(f"\n  {escape(subject)}", soft_wrap=True)
                console.print_json(message)
    return verdicts


def _summary(
    console: Console,
    config: StackConfig,
    verdicts: Mapping[str, ScenarioVerdict],
    failed: list[str],
    uncovered: list[str] | None,
    seconds: float,
) -> None:
    told = sum(len(verdict.heard) for verdict in verdicts.values())
    played = sum(verdict.is_in_stack or bool(verdict.faults) for verdict in verdicts.values())
    absent = f"{len(verdicts) - played} not in this stack, " if played < len(verdicts) else ""
    console.print(
        f"\n[bold]{played - len(failed)} of {played} scenarios as expected[/] on {config.stack}, "
        f"{absent}{told} notifications delivered, in {seconds:.0f} s"
    )
    if failed:
        console.print(f"[bold red]failed:[/] {', '.join(failed)}", soft_wrap=True)
    if uncovered is not None:
        covers = ", ".join(uncovered) or "none"
        console.print(f"rules that no scenario fired: {covers}", soft_wrap=True)
    console.print("\nWhat the emulator is not as AWS:", style="dim")
    for limitation in LIMITATIONS:
        console.print(f"  - {escape(limitation)}", style="dim", soft_wrap=True)


def _as_json(
    config: StackConfig,
    outcome: Deployment,
    differences_found: list[str],
    verdicts: Mapping[str, ScenarioVerdict],
    uncovered: list[str] | None,
) -> dict[str, Any]:
    return {
        "stack": config.stack,
        "engine": outcome.mode,
        "deployment": {"summary": outcome.summary, "seconds": round(outcome.seconds, 1)},
        "differences": differences_found,
        "scenarios": {
            name: {
                "in_stack": verdict.is_in_stack,
                "faults": list(verdict.faults),
                "skipped": list(verdict.skipped),
                "changes": [
                    {
                        "minute": change.minute,
                        "alarm": change.alarm.address,
                        "from": change.evaluation.previous,
                        "to": change.evaluation.state,
                        "value": change.evaluation.value,
                        "reason": change.evaluation.reason,
                        "told": list(change.actions),
                        "told_at": change.told,
                    }
                    for change in verdict.changes
                ],
                "events": [
                    {
                        "minute": sent.minute,
                        "event": f"{sent.rule.key}@{sent.target}",
                        "recorded": sent.happened.recorded,
                        "told": list(sent.messages),
                    }
                    for sent in verdict.sent
                ],
                "incidents": [
                    {
                        "minute": event.minute,
                        "alarm": event.alarm.address,
                        "from": event.change.previous,
                        "to": event.change.state,
                        "suppressed_by": event.by,
                        "told": list(event.actions),
                        "told_at": event.told,
                    }
                    for event in verdict.incidents
                ],
                "pages": list(verdict.pages.minutes),
                "pages_without_incidents": list(verdict.alarm_pages.minutes),
                "heard": len(verdict.heard),
            }
            for name, verdict in verdicts.items()
        },
        "uncovered": uncovered,
        "limitations": list(LIMITATIONS),
    }


if __name__ == "__main__":
    sys.exit(main())
