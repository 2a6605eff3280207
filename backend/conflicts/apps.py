from django.apps import AppConfig


class ConflictsConfig(AppConfig):
    name = "conflicts"

    def ready(self) -> None:
        from conflicts.selectors import stands_in
        from haven.services.move import held_by

        held_by(stands_in)
