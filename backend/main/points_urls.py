"""Addresses of points, boards, seasons and profiles of players."""

from django.urls import path

from main.views import progress_boards, progress_points

PATTERNS = (
    path("progress/", progress_points.overview, name="progress"),
    path("progress/points/", progress_points.entries, name="points"),
    path("progress/profile/", progress_points.profile, name="profile"),
    path("progress/boards/", progress_boards.everybodys, name="all-boards"),
    path("players/<str:public_id>/", progress_points.player, name="player"),
    path("servers/<uuid:server_id>/boards/", progress_boards.of_server, name="boards"),
    path("servers/<uuid:server_id>/seasons/", progress_boards.begin_season, name="begin-season"),
    path("seasons/<uuid:season_id>/end/", progress_boards.end_season, name="end-season"),
)
