"""What is counted, declared once: `GET /metrics` serves it, `docs/deploy/grafana.json` draws it.

Until `start` each of these costs one comparison, and the library is not even imported. Processes keep their numbers in
files of one folder (`METRICS_DIR`), and whichever is asked adds them up.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics import MetricWrapperBase

COUNTER, GAUGE, HISTOGRAM = "counter", "gauge", "histogram"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metric:
    """One number by labels, under the name that Prometheus knows it by."""

    def __init__(self, kind: str, name: str, help: str, *labels: str) -> None:
        self.kind, self.name, self.help, self.labels = kind, name, help, labels
        self._real: MetricWrapperBase | None = None
        self._children: dict[tuple[str, ...], Any] = {}
        ALL.append(self)

    def start(self) -> None:
        import prometheus_client

        if self.kind == HISTOGRAM:
            self._real = prometheus_client.Histogram(self.name, self.help, self.labels, buckets=SECONDS)
        elif self.kind == GAUGE:
            self._real = prometheus_client.Gauge(
                self.name, self.help, self.labels, multiprocess_mode="livesum"
            )
        else:
            self._real = prometheus_client.Counter(self.name, self.help, self.labels)

    def add(self, *labels: str, amount: float = 1) -> None:
        if self._real is not None:
            self._child(labels).inc(amount)

    def set(self, value: float) -> None:
        if self._real is not None:
            self._child(()).set(value)

    def observe(self, seconds: float, *labels: str) -> None:
        if self._real is not None:
            self._child(labels).observe(seconds)

    @contextmanager
    def timed(self, *labels: str) -> Iterator[None]:
        began = perf_counter()
        try:
            yield
        finally:
            self.observe(perf_counter() - began, *labels)

    def _child(self, labels: tuple[str, ...]) -> Any:
        """To look a child up here takes a third of what the library takes."""
        child = self._children.get(labels)
        if child is None and self._real is not None:
            child = self._children[labels] = self._real.labels(*labels) if labels else self._real
        return child


ALL: list[Metric] = []
OPERATIONS = Metric(
    HISTOGRAM, "rod_operation_seconds", "How long operations took at their doors", "operation", "door", "kind"
)
REFUSALS = Metric(COUNTER, "rod_refusals_total", "Operations that were refused", "operation", "code")
ERRORS = Metric(COUNTER, "rod_errors_total", "Unexpected errors, each with a reference in the log")
EVENTS = Metric(COUNTER, "rod_events_total", "Events of the timeline", "type")
VIEWERS = Metric(GAUGE, "rod_viewers", "Open sockets of the gateway")
PUBLISHED = Metric(COUNTER, "rod_published_total", "Messages handed to the channel layer")
WAITING = Metric(GAUGE, "rod_publish_waiting", "Messages that wait for the channel layer")
SLOW_QUERIES = Metric(COUNTER, "rod_slow_queries_total", "Queries that took long, each named in the log")
WEBHOOKS = Metric(COUNTER, "rod_patreon_calls_total", "Calls of Patreon, by what became of them", "outcome")
TASKS = Metric(HISTOGRAM, "rod_task_seconds", "How long background tasks took", "task", "outcome")


def start(folder: Path) -> None:
    """Count from here on. Call it once in a process that serves, before it does."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    _forget_the_dead(folder)
    for metric in ALL:
        metric.start()


def collected(folder: Path) -> "CollectorRegistry":
    """The sums over all processes."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))
    return registry


def _forget_the_dead(folder: Path) -> None:
    """Remove the files of processes that have ended: a sum that falls is a restart to Prometheus."""
    for file in folder.glob("*.db"):
        if not _is_alive(file.stem.rpartition("_")[2]):
            file.unlink(missing_ok=True)


def _is_alive(pid: str) -> bool:
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True
