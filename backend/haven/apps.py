from django.apps import AppConfig


class HavenConfig(AppConfig):
    name = "haven"

    def ready(self) -> None:
        from haven import portraits  # noqa: F401  (declares what may be uploaded)
        from haven.choices import choices_among
        from timeline.frames import choices_by

        choices_by(choices_among)
