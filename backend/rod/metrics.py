"""`GET /metrics` for Prometheus, for who has `METRICS_TOKEN` alone; without one there is no such address."""

import hmac
import logging
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult
from redis.exceptions import RedisError

from background import heartbeats
from background.models import Kind
from monitoring import metrics

if TYPE_CHECKING:
    from prometheus_client.core import Metric

log = logging.getLogger(__name__)
# For programs: they get no page.
NOTHING = "Not found.\n"
# What is known of the database alone, when somebody asks. Name → what it is.
ASKED = {
    "rod_tasks": "Background tasks by status",
    "rod_tasks_oldest_seconds": "How long the oldest task that is ready has waited",
    "rod_workers": "Workers that are alive",
    "rod_discord_processes": "Discord processes that are alive",
    "rod_discord_connected": "Discord processes that are connected",
    "rod_discord_shards": "Shards that the bot has",
    "rod_discord_shards_connected": "Shards that are connected",
    "rod_discord_servers": "Servers that the bot is in",
    "rod_discord_latency_seconds": "Latency of the connections to Discord, the longest",
    "rod_discord_commands_total": "Commands that were used, since the Discord processes started",
    "rod_discord_rate_limited_total": "Requests that Discord refused for a while, since the Discord processes started",
}


def start() -> None:
    """Count in this process, where the settings want it."""
    if settings.METRICS_TOKEN:
        metrics.start(Path(settings.METRICS_DIR))


@require_safe
def metrics_view(request: HttpRequest) -> HttpResponse:
    if not _may_read(request):
        return HttpResponseNotFound(NOTHING, content_type="text/plain")
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    registry = metrics.collected(Path(settings.METRICS_DIR))
    registry.register(_FromDatabase())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    return bool(token) and hmac.compare_digest(given.encode(errors="replace"), token.encode())


class _FromDatabase:
    def collect(self) -> Iterator["Metric"]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        by_status = DBTaskResult.objects.order_by().values_list("status").annotate(Count("pk"))
        tasks = GaugeMetricFamily("rod_tasks", ASKED["rod_tasks"], labels=["status"])
        counted = Counter({status.lower(): count for status, count in by_status})
        for status, count in (counted + tasks_in_redis()[0]).items():
            tasks.add_metric([status], count)
        yield tasks
        for name, value in _numbers():
            family = CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily
            yield family(name, ASKED[name], value=value)


def _numbers() -> Iterator[tuple[str, float]]:
    in_database = DBTaskResult.objects.ready().order_by().aggregate(at=Min("enqueued_at"))["at"]
    waiting = [since for since in (in_database, tasks_in_redis()[1]) if since]
    yield "rod_tasks_oldest_seconds", (timezone.now() - min(waiting)).total_seconds() if waiting else 0
    yield "rod_workers", len(heartbeats.alive(Kind.WORKER))
    processes = heartbeats.alive(Kind.DISCORD)
    states = [process.state for process in processes]
    yield "rod_discord_processes", len(states)
    yield "rod_discord_connected", sum(bool(state.get("connected")) for state in states)
    connected, count = heartbeats.shards_of(processes)
    yield "rod_discord_shards", count
    yield "rod_discord_shards_connected", connected
    yield "rod_discord_latency_seconds", max((state.get("latency") or 0 for state in states), default=0)
    for name, field in (
        ("servers", "servers"),
        ("commands_total", "commands"),
        ("rate_limited_total", "rate_limited"),
    ):
        yield f"rod_discord_{name}", sum(state.get(field) or 0 for state in states)


def tasks_in_redis() -> tuple[Counter[str], datetime | None]:
    """How many tasks there are in Redis by status, and since when the oldest waits."""
    if settings.TASKS_BACKEND != "redis":
        return Counter(), None
    from background import redis_tasks  # which knows no other settings

    try:
        return redis_tasks.counted(), redis_tasks.oldest()
    except (RedisError, OSError) as error:
        log.warning("tasks in Redis are not counted: %s", error or type(error).__name__)
        return Counter(), None
