from django.urls import path

from main.views.dashboard import dashboard
from main.views.sheet import history, sheet

urlpatterns = [
    path("", dashboard, name="dashboard"),
    path("characters/<uuid:character_id>/", sheet, name="sheet"),
    path("characters/<uuid:character_id>/history/", history, name="history"),
]
