from django.apps import AppConfig


class ChronicleConfig(AppConfig):
    name = "chronicle"
    verbose_name = "Servers and chronicles"

    def ready(self) -> None:
        from chronicle import signals  # noqa: F401  (connects its receivers)
