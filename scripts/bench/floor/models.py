"""Two tables without relations: a row that is changed, and a log of changes."""

from django.db import models


class Thing(models.Model):
    value = models.IntegerField(default=0)
    document = models.JSONField(default=dict)

    objects: "models.Manager[Thing]" = models.Manager()

    class Meta:
        app_label = "floor"
        db_table = "bench_things"


class Entry(models.Model):
    thing_id = models.BigIntegerField(db_index=True)
    body = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "floor"
        db_table = "bench_entries"
