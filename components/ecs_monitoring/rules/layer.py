"""What rests on what in a web service: whose trouble shows in whom."""

from enum import IntEnum


class Layer(IntEnum):
    """Where a kind of target stands; trouble below shows in every layer above.

    Of two layers that see the same trouble, the one that says more about it is the lower one: the
    log has the exception, the application its route, the load balancer a number.
    """

    DATASTORE = 1
    """Databases, caches, queues."""

    TASKS = 2
    """What runs the application."""

    LOG = 3
    """What the application writes of its errors."""

    APPLICATION = 4
    """What the application measures of itself."""

    ENTRANCE = 5
    """Load balancers: what users get of it."""

    OUTSIDE = 6
    """What is seen from outside AWS."""

    @property
    def has_signs(self) -> bool:
        """Whether its warnings tell of a cause: what can be short of something, or broken.

        The layers above only see what became of it.
        """
        return self <= Layer.TASKS
