from django.apps import AppConfig


class RodConfig(AppConfig):
    name = "rod"

    def ready(self) -> None:
        from rod import static  # noqa: F401  (registers its check)
