from django.apps import AppConfig


class RodConfig(AppConfig):
    name = "rod"

    def ready(self) -> None:
        from rod import checks  # noqa: F401  (registers the system checks)
