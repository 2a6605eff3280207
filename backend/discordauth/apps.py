from django.apps import AppConfig


class DiscordauthConfig(AppConfig):
    name = "discordauth"
    verbose_name = "Users"

    def ready(self) -> None:
        from discordauth import signals  # noqa: F401  (connects its receivers)
