"""Records in a process whose threads are eventlet's or gevent's, and waits as they do."""

import sys

if sys.argv[1] == "eventlet":
    import eventlet as green

    green.monkey_patch()
else:
    import gevent as green
    from gevent import monkey

    monkey.patch_all()

import django
from django.conf import settings


def main() -> None:
    settings.configure(
        DJANGO_MONITORING={"SERVICE": "shop", "INTERVAL": 1},
        INSTALLED_APPS=["django_monitoring"],
        SECRET_KEY="only for tests",
    )
    django.setup()
    from django_monitoring.conf import read_config
    from django_monitoring.recorder import recorder

    recorder.activate(read_config())
    for _ in range(5):
        recorder.add(("GET", None, 200, 0.1))
    # Published by the emitter while this one waits, and not at the end.
    green.sleep(3)
    print("end", flush=True)


if __name__ == "__main__":
    main()
