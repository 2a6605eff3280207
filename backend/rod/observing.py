"""What processes that serve do beside their work: count, name slow queries, report errors."""

from contract import sentry
from monitoring import slow_queries
from rod import metrics
from rod.settings import env


def start() -> None:
    """Call it once in a process that serves, before it does. Commands and tests do without."""
    sentry.start(env)
    metrics.start()
    slow_queries.start()
