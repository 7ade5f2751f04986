"""Whether this process runs tests: what those record is nobody's metric."""

import os
import sys


def is_test_run() -> bool:
    """Whether Django's test environment is set up, or pytest runs in this process.

    A server that a test has started as a process of its own is no test run.
    """
    # What setup_test_environment() leaves until teardown_test_environment(); test runners and
    # pytest-django call it. Nothing public says it.
    # https://github.com/django/django/blob/main/django/test/utils.py
    utils = sys.modules.get("django.test.utils")
    if hasattr(getattr(utils, "_TestState", None), "saved_data"):
        return True
    # An application may import pytest, and a process may inherit the variables; not both.
    # https://docs.pytest.org/en/stable/reference/reference.html#environment-variables
    variables = ("PYTEST_VERSION", "PYTEST_CURRENT_TEST")
    return "_pytest" in sys.modules and any(name in os.environ for name in variables)
