from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "desk"

    def ready(self) -> None:
        from desk.services.submissions import waits
        from haven.services.move import held_by

        held_by(waits)
