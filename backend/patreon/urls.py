from django.urls import path

from patreon import views

urlpatterns = [path("webhook/", views.webhook, name="patreon-webhook")]
