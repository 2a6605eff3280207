from django.apps import AppConfig


class RodConfig(AppConfig):
    name = "rod"
