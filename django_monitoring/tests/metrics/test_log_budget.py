"""What the metrics cost in the log: at most 80 bytes a request."""

import random

import pytest

from django_monitoring import contract
from django_monitoring.aggregate import Aggregate
from django_monitoring.emf import encode_line
from django_monitoring.events import CountEvent
from tests.metrics.emf_lines import checked_line
from tests.metrics.keeping import total

PROCESSES = 4
KEYS = 120
REQUESTS_A_SECOND = 50
INTERVAL = 60
BUDGET = 80

SERVICE = "django-app-service"
RESOURCES = ("orders", "customers", "products", "invoices", "shipments", "subscriptions")
FORMS = (
    "api/v1/{}/",
    "api/v1/{}/<int:pk>/",
    "api/v1/{}/<int:pk>/items/<uuid:item>/",
    "api/v1/{}/export/",
    "accounts/<slug:account>/{}/",
)
METHODS = ("GET", "POST", "PATCH", "DELETE")


def routes() -> list[tuple[str, str]]:
    found = [
        (method, form.format(name)) for method in METHODS for form in FORMS for name in RESOURCES
    ]
    assert len(found) == KEYS
    return found


@pytest.mark.parametrize("spread", ["even", "skewed"])
@pytest.mark.parametrize("seed", range(3))
def test_a_request_costs_at_most_80_bytes_of_log(spread: str, seed: int) -> None:
    # Over all processes together: more requests a line would only be cheaper.
    requests = REQUESTS_A_SECOND * INTERVAL
    chance = random.Random(seed)
    keys = routes()
    weights = [1.0 if spread == "even" else 1 / (rank + 1) for rank in range(KEYS)]
    processes = [Aggregate(SERVICE, max_keys=500) for _ in range(PROCESSES)]
    for method, route in chance.choices(keys, weights, k=requests):
        process = chance.choice(processes)
        status = chance.choices((200, 302, 404, 500), (90, 5, 4, 1))[0]
        process.add((method, route, status, chance.lognormvariate(-3, 1)))
        hit = contract.CACHE_HITS if chance.random() < 0.9 else contract.CACHE_MISSES
        process.add(CountEvent(contract.CACHE, "default", hit))
        if status == 500:
            process.add(CountEvent(contract.TYPE, "OperationalError", contract.FAILURES))
        if chance.random() < 0.05:
            process.add(CountEvent(contract.ACTION, "checkout", contract.ACTIONS))
    lines = [
        encode_line(record) for process in processes for record in process.take(1_700_000_000.0)
    ]
    assert total(map(checked_line, lines), contract.REQUESTS) == requests
    bytes_a_request = sum(map(len, lines)) / requests
    print(f"{spread}: {len(lines)} lines, {bytes_a_request:.1f} bytes a request")
    assert bytes_a_request <= BUDGET
