"""`/healthz` (the process answers), `/readyz` (it can work) and `/version`, open to anyone."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from rod import readiness


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ok": True, "version": settings.VERSION})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """503 where requests had better go to another process; which check failed, and no more than that."""
    ready, checks = readiness.report()
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


@require_safe
def version(request: HttpRequest) -> JsonResponse:
    now = timezone.now().isoformat()
    return JsonResponse({"version": settings.VERSION, "env": settings.ENV, "timestamp": now})
