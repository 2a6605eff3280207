"""The chat API of S003 (`chat.operations.servers`), which stands below `/chat/` in the root."""

from django.urls import path

from api.views.base import at
from api.views.chat import ChatView
from chat.operations.servers import CHAT

urlpatterns = [path(address, at(ChatView, **found)) for address, found in CHAT.items()]
