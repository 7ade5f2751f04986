"""Each way to lose a database, with real servers: how fast the status turns, and comes back.

One drill takes four servers through all outages at once, while each of their endpoints is asked
ten times a second; the tests look at what was answered.
"""

import socket
import statistics
import struct
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from typing import Final, NamedTuple

import pytest

from tests.health.postgres import Postgres
from tests.health.proxy import Proxy
from tests.health.servers import VISITOR, Answer, ask, gunicorn, serving, uvicorn

pytestmark = pytest.mark.timed

INTERVAL: Final = 2.0
DEADLINE: Final = 1.0
HEALTH: Final = {"INTERVAL": INTERVAL, "DEADLINE": DEADLINE}

TURNS_WITHIN: Final = INTERVAL + DEADLINE + 0.5
RECOVERS_WITHIN: Final = 2 * INTERVAL

# Seconds between two probes of an endpoint, and so the measurement's own error.
TICK: Final = 0.1

# What takes longer although nothing waits there was held up by the machine: some milliseconds are
# usual, and a check has several such steps within its deadline.
STALL: Final = DEADLINE / 10

# As many answers in a row that say the same are an endpoint's state: each worker has its own.
SETTLED: Final = 20
PATIENCE: Final = 120.0

OUTAGES: Final = ("refuses", "dies", "hangs", "black hole")

SERVERS: Final = {
    "gunicorn sync": (gunicorn, ["--workers", "2"], 0),
    "gunicorn sync persistent": (gunicorn, ["--workers", "2"], 600),
    "gunicorn gthread persistent": (gunicorn, ["--threads", "8"], 600),
    "uvicorn persistent": (uvicorn, [], 600),
}

# A request that hangs in the database keeps the only thread of a sync worker; with these, a
# visitor asks for a page with data in each outage.
HANGABLE: Final = ("gunicorn gthread persistent", "uvicorn persistent")


class Outage(NamedTuple):
    """When the database was lost and regained, in seconds of the monotonic clock.

    Both take a moment, in which an answer may say either: what begins ``losing`` is done at
    ``lost``, and what begins ``regaining`` is done at ``regained``.
    """

    losing: float
    lost: float
    regaining: float
    regained: float


@dataclass
class Drill:
    """What was done, and what the servers answered.

    Attributes:
        outages: when each was.
        answers: of each server, by path.
        connected: when each connection to the database that the drill itself made began, and how
            many seconds it took; it makes them after each outage.
        pages: statuses of a page with data, before the first outage and after each.
    """

    outages: dict[str, Outage] = field(default_factory=dict)
    answers: dict[str, dict[str, list[Answer]]] = field(default_factory=dict)
    connected: list[tuple[float, float]] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)


@pytest.fixture(scope="module")
def drill(postgres: Postgres) -> Drill:
    """All outages, one after the other."""
    drill = Drill()
    proxy = Proxy(postgres.port)

    def die() -> None:
        postgres.kill()

    def rise() -> None:
        postgres.start()
        proxy.heal()

    ways: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
        "refuses": (proxy.refuse, proxy.heal),
        "dies": (die, rise),
        "hangs": (proxy.hang, proxy.heal),
        "black hole": (proxy.black_hole, proxy.heal),
    }
    over = Event()
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ports = {
            name: stack.enter_context(
                serving(
                    command,
                    *arguments,
                    directory=directory,
                    database_port=proxy.port,
                    health=HEALTH,
                    conn_max_age=conn_max_age,
                )
            ).port
            for name, (command, arguments, conn_max_age) in SERVERS.items()
        }
        stack.callback(proxy.close)
        stack.callback(over.set)
        time.sleep(INTERVAL)
        for name, port in ports.items():
            drill.answers[name] = {"/livez": [], "/health/": []}
            for path, answers in drill.answers[name].items():
                Thread(target=_ask_on, args=(port, path, answers, over), daemon=True).start()
        for number, name in enumerate(OUTAGES):
            # Each begins at another moment between two checks.
            time.sleep(number * INTERVAL / len(OUTAGES))
            # So that there are persistent connections to lose.
            drill.pages += [
                ask(port, "/orders/", headers=VISITOR).status for port in ports.values()
            ]
            lose, regain = ways[name]
            losing = time.monotonic()
            lose()
            lost = time.monotonic()
            for hangable in HANGABLE:
                Thread(target=_visit, args=(ports[hangable],), daemon=True).start()
            _wait(drill, 500, TURNS_WITHIN)
            regaining = time.monotonic()
            regain()
            drill.outages[name] = Outage(losing, lost, regaining, time.monotonic())
            _wait(drill, 200, RECOVERS_WITHIN, connect_to=proxy.port)
    return drill


def _wait(drill: Drill, status: int, seconds: float, connect_to: int | None = None) -> None:
    """Wait so long, and then until each endpoint answers with a status and nothing else."""
    began = time.monotonic()
    until = began + seconds + 3 * TICK
    endpoints = [by_path["/health/"] for by_path in drill.answers.values()]

    def settled() -> bool:
        last = [answer for answers in endpoints for answer in answers[-SETTLED:]]
        return all(answer.status == status and answer.at > began for answer in last)

    while time.monotonic() < until or not settled():
        assert time.monotonic() < began + PATIENCE, f"no {status} of each server"
        if connect_to is not None:
            start = time.monotonic()
            if _is_let_in(connect_to):
                drill.connected.append((start, time.monotonic() - start))
        time.sleep(TICK)


def _is_let_in(port: int) -> bool:
    """Whether PostgreSQL takes a connection.

    https://www.postgresql.org/docs/current/protocol-message-formats.html (StartupMessage)
    """
    user = b"user\0postgres\0\0"
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=10) as database:
        database.sendall(struct.pack("!II", 8 + len(user), 3 << 16) + user)
        return database.recv(1) == b"R"
    return False


def _ask_on(port: int, path: str, answers: list[Answer], over: Event) -> None:
    while not over.wait(TICK):
        with suppress(ConnectionError):
            answers.append(ask(port, path))


def _visit(port: int) -> None:
    with suppress(OSError):
        ask(port, "/orders/", headers=VISITOR, timeout=5)


def quiet_since(drill: Drill, begin: float, end: float) -> float:
    """When the machine last held up, before ``end``, what waits for nothing; ``begin`` if never.

    What kept ``/livez`` waiting, or a connection to the database that is there, kept a check
    waiting beside it: the next one is due an interval later.
    """
    asked = [by_path["/livez"] for by_path in drill.answers.values()]
    done = [[answer.at + answer.seconds for answer in answers] for answers in asked]
    done.append([at + seconds for at, seconds in drill.connected])
    late = [
        ended
        for ends in done
        for before, ended in pairwise([begin, *(at for at in ends if begin < at < end)])
        if ended - before > TICK + STALL
    ]
    return max(late, default=begin)


def between(answers: list[Answer], begin: float, end: float) -> list[Answer]:
    """What was asked after ``begin`` and answered before ``end``."""
    return [answer for answer in answers if begin < answer.at and answer.at + answer.seconds < end]


each_server = pytest.mark.parametrize("server", SERVERS)
each_outage = pytest.mark.parametrize("outage", OUTAGES)


@each_outage
@each_server
def test_the_status_turns(drill: Drill, server: str, outage: str) -> None:
    _, lost, regaining, _ = drill.outages[outage]
    during = between(drill.answers[server]["/health/"], lost, regaining)
    # Each worker finds out by itself, so the last wrong answer counts.
    turned = max((answer.at for answer in during if answer.status == 200), default=lost)
    print(f"{server}, {outage}: turned after {turned - lost:.2f} s")
    assert turned - quiet_since(drill, lost, turned) <= TURNS_WITHIN
    assert (during[-1].status, during[-1].json) == (
        500,
        {"status": "unhealthy", "database": "disconnected"},
    )


@each_outage
@each_server
def test_the_status_recovers(drill: Drill, server: str, outage: str) -> None:
    regained = drill.outages[outage].regained
    begins = [other.losing for other in drill.outages.values()]
    next_outage = min((begin for begin in begins if begin > regained), default=float("inf"))
    after = between(drill.answers[server]["/health/"], regained, next_outage)
    recovered = max((answer.at for answer in after if answer.status == 500), default=regained)
    print(f"{server}, {outage}: recovered after {recovered - regained:.2f} s")
    assert recovered - quiet_since(drill, regained, recovered) <= RECOVERS_WITHIN
    assert (after[-1].status, after[-1].json) == (
        200,
        {"status": "healthy", "database": "connected"},
    )


@each_server
def test_the_process_stays_alive(drill: Drill, server: str) -> None:
    answers = drill.answers[server]["/livez"]
    assert {answer.status for answer in answers} == {200}
    seconds = [answer.seconds for answer in answers]
    print(
        f"{server}, /livez: median {statistics.median(seconds) * 1000:.2f} ms, "
        f"slowest {max(seconds) * 1000:.1f} ms of {len(seconds)}"
    )
    # Some milliseconds; as long as the deadline, and none at all, where the process is held up.
    assert statistics.median(seconds) <= 0.1
    for _, lost, regaining, _ in drill.outages.values():
        during = [answer.seconds for answer in between(answers, lost, regaining)]
        assert len(during) > 15
        assert statistics.median(during) <= 0.1


@each_server
def test_health_never_waits_for_the_database(drill: Drill, server: str) -> None:
    seconds = sorted(answer.seconds for answer in drill.answers[server]["/health/"])
    print(
        f"{server}, /health/: median {statistics.median(seconds) * 1000:.2f} ms, "
        f"slowest {[round(each * 1000) for each in seconds[-4:]]} ms of {len(seconds)}"
    )
    # A machine that others use holds up an answer now and then, of /livez as well; waiting for the
    # database would take as long as the deadline, in hundreds of answers.
    alive = sorted(answer.seconds for answer in drill.answers[server]["/livez"])
    assert seconds[-1 - len(seconds) // 100] <= DEADLINE / 4 + alive[-1 - len(alive) // 100]


def test_pages_with_data_come_back(drill: Drill) -> None:
    # Persistent connections that an outage broke cost one request of each worker an error.
    assert 200 in drill.pages
    assert set(drill.pages) <= {200, 500}
