from django.apps import AppConfig


class PatreonConfig(AppConfig):
    name = "patreon"
