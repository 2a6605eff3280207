from django.apps import AppConfig


class CompanionConfig(AppConfig):
    name = "companion"

    def ready(self) -> None:
        from companion import pictures  # noqa: F401  (declares what may be uploaded)
        from companion.publicity import publicity
        from timeline.services import public_by

        public_by(publicity)
