"""The API for shows (S002), which stands below `/campaigns/` in the root."""

from django.urls import path

from api.views.base import at
from api.views.shows import ShowPictureView, ShowView
from companion.operations.shows import CAMPAIGNS, PICTURES

urlpatterns = [
    *(path(address, at(ShowView, **found)) for address, found in CAMPAIGNS.items()),
    *(path(address, at(ShowPictureView, **found)) for address, found in PICTURES.items()),
]
