"""The exceptions of this package."""


class InvalidValueError(ValueError):
    """A value that CloudWatch would refuse, or accept and never act on.

    The message names the value and says what to write instead.
    """


class CannotEvaluateError(ValueError):
    """An alarm, expression or series that cannot be evaluated offline.

    The message names what is in the way and, where there is one, the way around it.
    """
