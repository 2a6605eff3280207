"""Addresses of public campaigns, for whoever watches."""

from django.urls import path

from main.views import viewers

CAMPAIGN = "c/<slug:slug>/"
EPISODE = CAMPAIGN + "episodes/<int:number>/"
PATTERNS = [
    path("c/", viewers.listed, name="campaigns"),
    path(CAMPAIGN, viewers.campaign, name="public-campaign"),
    path(EPISODE, viewers.episode, name="campaign-episode"),
    path(EPISODE + "scene/", viewers.scene, name="campaign-scene"),
    path(EPISODE + "chapters.<slug:format>", viewers.chapter_marks, name="campaign-chapters"),
]
