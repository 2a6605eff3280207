from django.urls import path

from discordauth import views

urlpatterns = [
    path("login/", views.begin, name="login"),
    path("add/", views.add, name="add-to-discord"),
    path("callback/", views.callback, name="callback"),
    path("logout/", views.leave, name="logout"),
]
