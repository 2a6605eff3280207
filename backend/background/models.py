"""Processes that are alive, and when each periodic task was last due."""

from django.db import models


class Kind(models.TextChoices):
    WORKER = "worker"
    DISCORD = "discord"


class Heartbeat(models.Model):
    """One running process. `state` is what it tells of itself (`contract.heartbeats`)."""

    id = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    seen_at = models.DateTimeField(db_index=True)
    state = models.JSONField(default=dict)

    class Meta:
        db_table = "heartbeats"


class PeriodicRun(models.Model):
    """When a task of the periodic table was last put into the queue; of several workers one claims each time."""

    name = models.CharField(primary_key=True, max_length=100)
    ran_at = models.DateTimeField()

    class Meta:
        db_table = "periodic_runs"
