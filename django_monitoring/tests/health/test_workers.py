"""The check of Celery: a broker that answers, refuses, hangs; nobody who answers a ping."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from celery import Celery

from django_monitoring.health.checks import CheckFailedError, CheckSettings, check_of
from django_monitoring.health.kinds import CELERY
from tests.documented.project import PACKAGE
from tests.health import jobs
from tests.health.postgres import free_port
from tests.health.redis import Redis
from tests.health.silent import listening

DEADLINE = 1.0

# Where an answer is expected: a busy machine must not make a no of it.
PATIENT = 9.0


def ask(url: str, workers: str = "none", deadline: float = DEADLINE) -> float:
    """Ask a broker once; the seconds that it took."""
    settings = CheckSettings(
        *("broker", CELERY, "tests.health.jobs.app", deadline),
        options=(("WORKERS", workers),),
    )
    with broker(url):
        check = check_of(settings)
        began = time.monotonic()
        check.run()
        return time.monotonic() - began


@contextmanager
def broker(url: str) -> Iterator[None]:
    """The application with another broker."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "app", Celery("jobs", broker=url))
        yield


def test_a_broker_that_answers(redis: Redis) -> None:
    assert ask(redis.url, deadline=PATIENT) < PATIENT


def test_a_broker_in_memory() -> None:
    assert ask("memory://", deadline=PATIENT) < PATIENT


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_refuses(scheme: str) -> None:
    began = time.monotonic()
    with pytest.raises(Exception, match="refused"):
        ask(f"{scheme}://127.0.0.1:{free_port()}//")
    assert time.monotonic() - began < DEADLINE + 3


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
@pytest.mark.parametrize("accepts", [True, False], ids=["hangs", "black hole"])
def test_a_broker_that_hangs(scheme: str, accepts: bool) -> None:
    with listening(accepts=accepts) as port:
        began = time.monotonic()
        # Some of kombu's transports raise an OSError, others an error of their own.
        with pytest.raises(Exception, match=r"(?i)time"):
            ask(f"{scheme}://127.0.0.1:{port}//")
    # The client gets the deadline for each of its two attempts.
    assert time.monotonic() - began < 2 * DEADLINE + 4


@pytest.mark.parametrize("workers", ["any", "host"])
def test_nobody_answers(redis: Redis, workers: str) -> None:
    with pytest.raises(CheckFailedError, match=r"no worker .*answers"):
        ask(redis.url, workers)


def test_a_worker_of_another_host(redis: Redis) -> None:
    worker = subprocess.Popen(
        [
            *(sys.executable, "-m", "celery", "-A", "tests.health.jobs", "worker"),
            *("--pool", "solo", "--hostname", "celery@elsewhere", "--without-mingle"),
        ],
        cwd=PACKAGE,
        env={**os.environ, "PYTHONPATH": f"src:{PACKAGE}", "JOBS_BROKER": redis.url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 60
        while True:
            try:
                ask(redis.url, "any", PATIENT)
            except CheckFailedError:
                assert time.monotonic() < end
            else:
                break
        with pytest.raises(CheckFailedError, match="no worker of host "):
            ask(redis.url, "host", DEADLINE)
    finally:
        worker.terminate()
        worker.wait(30)
