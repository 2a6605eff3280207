"""`/healthz` and `/version`, open to anyone."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import timezone


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ok": True, "version": settings.VERSION})


def version(request: HttpRequest) -> JsonResponse:
    now = timezone.now().isoformat()
    return JsonResponse({"version": settings.VERSION, "env": settings.ENV, "timestamp": now})
