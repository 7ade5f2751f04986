"""The file of the hand-written program: a Pulumi program is a file that is run."""

from collections.abc import Callable

register: Callable[[], None] = globals()["register"]

register()
