"""The command against a server of the emulator, which carries out no alarm actions."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from account.account import Account
from tests.account.emulated import Deployment
from tests.drill.conftest import Drill

PROJECT_FOLDER = Path(__file__).resolve().parents[2]

# As python -m ops runs it, but for the seconds that only AWS needs.
PROGRAM = """
import argparse, sys
from ops.drill import command
parser = argparse.ArgumentParser()
command.add_arguments(parser)
sys.exit(command.main(parser.parse_args(), settle=0))
"""


@pytest.fixture
def server(credentials: None) -> Iterator[Deployment]:
    """A stack with one alarm, at a server on a free port."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    try:
        host, port = moto.get_host_and_port()
        deployment = Deployment(endpoint_url=f"http://{host}:{port}")
        deployment.alarm("ecs.cpu-high@web", "critical", [deployment.topic("critical")])
        yield deployment
    finally:
        moto.stop()


def test_it_does_not_pass(server: Deployment, drill: Drill) -> None:
    """Nothing arrives, and that is said with the reason that it may have."""
    url = str(server.endpoint_url)
    drilled = drill(
        "--yes", "--json", "--timeout", "1", "--endpoint-url", url, emulated=Account.opened
    )
    assert drilled.code == 1
    assert drilled.results == {"ecs.cpu-high@web": "not-delivered"}
    reason = drilled.json["alarms"][0]["reason"]
    assert "nothing from django-app-alerts-django-ecs-monitoring-prod-critical within 1 s" in reason
    assert f"{url} is not AWS: emulators carry out no actions" in reason
    assert "not delivered  ecs.cpu-high@web" in drilled.err
    assert set(server.states().values()) == {"OK"}
    assert server.queues() == []


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_from_outside(name: str, server: Deployment) -> None:
    """While the process waits for AWS's answer, as an operator would interrupt it."""
    words = ["prod", "--yes", "--json", "--endpoint-url", str(server.endpoint_url)]
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words],
        cwd=PROJECT_FOLDER,
        env=os.environ | {"PYTHONPATH": str(PROJECT_FOLDER)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 60
        while set(server.states().values()) != {"ALARM"}:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline, "the alarm was not set off"
            time.sleep(0.05)
        process.send_signal(getattr(signal, name))
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130, err
    assert json.loads(out)["interrupted"] is True
    assert "Traceback" not in err
    assert set(server.states().values()) == {"OK"}
    assert server.queues() == []
    assert server.subscriptions() == [("email", "oncall@example.com")]
