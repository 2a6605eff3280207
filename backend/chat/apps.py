from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ChatConfig(AppConfig):
    name = "chat"

    def ready(self) -> None:
        from chat import views_of_tables
        from chat.search import index
        from chat.services import following
        from rolls import followers

        pre_migrate.connect(views_of_tables.drop, sender=self, dispatch_uid="chat.views")
        post_migrate.connect(views_of_tables.make, sender=self, dispatch_uid="chat.views")
        post_migrate.connect(index.keep, sender=self, dispatch_uid="chat.search")
        followers.ROLLS.append(following.follow_roll)
        followers.REQUESTS.append(following.follow_request)
