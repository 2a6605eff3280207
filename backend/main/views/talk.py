"""The chat page: the reader's places and rooms, the messages of one room, and a form that posts without a script."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from chat.operations import messages, rooms
from chronicle.door import parse
from contract import chat, chat_rooms
from contract.base import Answer
from contract.translation import _
from main.listening import listening
from main.navigation import Name, Place
from main.pages import PageRequest, show
from main.parts import call_of, new_key, part, principal_of, submit_form


@part
@require_GET
def home(request: PageRequest) -> HttpResponse:
    """Show the private conversations, with no room open."""
    return _show(request, Place(_("Chat")), None)


@part
@require_GET
def in_server(request: PageRequest, server_id: UUID) -> HttpResponse:
    """Show the rooms of a server, with none open."""
    listed = rooms.LIST.run(call_of(request), chat_rooms.ListRooms(server=server_id))
    named = next(place.name for place in listed.places if place.id == server_id)
    return _show(request, Place(Name(named)), server_id, listed=listed)


@part
@require_GET
def room(request: PageRequest, room_id: UUID) -> HttpResponse:
    """Show a room at its newest messages, or around the place `at`."""
    call = call_of(request)
    opened = rooms.OPEN.run(call, chat_rooms.OpenRoom(room=room_id))
    asked = {"room": str(room_id), "around": request.GET.get("at", "")}
    page = messages.LIST.run(call, parse(chat.ListMessages, asked, text=True))
    server_id = opened.room.server.id if opened.room.server else None
    return _show(request, Place(Name(opened.room.name)), server_id, opened=opened, page=page)


@part
@require_POST
def post(request: PageRequest, room_id: UUID) -> HttpResponse:
    """Post the form's text, and go back to the room's foot."""
    submit_form(request, messages.POST, {"room": str(room_id)})
    return redirect("talk-room", room_id=room_id)


def _show(request: PageRequest, place: Place, server_id: UUID | None, **shown: Answer | None) -> HttpResponse:
    listed = shown.pop("listed", None) or rooms.LIST.run(
        call_of(request), chat_rooms.ListRooms(server=server_id)
    )
    shown |= {"listed": listed}
    context: dict[str, object] = {
        "place": place,
        "server_id": server_id,
        "live": listening(principal_of(request), server_id=server_id),
        "data": {name: found.model_dump(mode="json") for name, found in shown.items() if found},
        "most": chat.MAX_TEXT,
        "key": new_key(),
    }
    return show(request, "main/talk.html", {**context, **shown})
