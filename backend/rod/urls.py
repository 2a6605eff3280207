"""Every address of the backend. Both `/path` and `/path/` answer (see `rod.middleware`)."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path

from rod.health import healthz, readyz, version
from rod.metrics import metrics_view
from rod.openapi import ApiDocumentView, BotDocumentView

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("version", version),
    path("metrics", metrics_view),
    path("admin/", admin.site.urls),
    path("auth/", include("discordauth.urls")),
    path("patreon/", include("patreon.urls")),
    path("api/schema/openapi/", ApiDocumentView.as_view()),
    path("bot/openapi", BotDocumentView.as_view()),
    path("api/", include("api.urls")),
    path("bot/", include("bot.urls")),
    path("chat/", include("api.chat_urls")),
    path("campaigns/", include("api.campaign_urls")),
    path("", include("main.urls")),
    # Portraits, in development alone: elsewhere the proxy or the object store serves them.
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]

handler400 = "rod.error_pages.bad_request"
handler403 = "rod.error_pages.forbidden"
handler404 = "rod.error_pages.not_found"
handler500 = "rod.error_pages.server_error"
