"""`/healthz` and `/version`, open to anyone."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ok": True, "version": settings.VERSION})


@require_safe
def version(request: HttpRequest) -> JsonResponse:
    now = timezone.now().isoformat()
    return JsonResponse({"version": settings.VERSION, "env": settings.ENV, "timestamp": now})
