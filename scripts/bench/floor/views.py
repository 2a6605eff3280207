"""What a change must cost at least: DRF and one UPDATE; the same number of statements; an UPDATE and a PUBLISH."""

from functools import cache

import redis
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scripts.bench.floor.models import Entry, Thing
from scripts.bench.options import CHANNEL


class OneUpdate(APIView):
    def patch(self, request: Request, pk: int) -> Response:
        Thing.objects.filter(pk=pk).update(value=F("value") + 1)
        return Response({"id": pk, "took": len(request.data)})


class SameStatements(APIView):
    """One locked transaction with as many SELECT, UPDATE and INSERT as the query says."""

    def patch(self, request: Request, pk: int) -> Response:
        wanted = {name: int(request.query_params[name]) for name in ("select", "update", "insert")}
        row = Thing.objects.filter(pk=pk)
        for _ in range(wanted["select"] - 1):
            row.values_list("value").first()
        with transaction.atomic():
            thing = row.select_for_update().get()
            for _ in range(wanted["update"]):
                row.update(document=thing.document, value=F("value") + 1)
            for _ in range(wanted["insert"]):
                Entry(thing_id=pk, body=thing.document).save(force_insert=True)
        return Response({"id": pk, "took": len(request.data)})


class UpdateAndPublish(APIView):
    """`frame` of the body goes to every socket of the floor's gateway."""

    def patch(self, request: Request, pk: int) -> Response:
        Thing.objects.filter(pk=pk).update(value=F("value") + 1)
        _redis().publish(CHANNEL, dict(request.data)["frame"])
        return Response({"id": pk})


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL)


urlpatterns = [
    path("one/<int:pk>", OneUpdate.as_view()),
    path("same/<int:pk>", SameStatements.as_view()),
    path("publish/<int:pk>", UpdateAndPublish.as_view()),
]
