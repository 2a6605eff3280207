from django.apps import AppConfig


class RodConfig(AppConfig):
    name = "rod"

    def ready(self) -> None:
        from rod import start, static  # noqa: F401  (register their checks)
