"""What a storyteller and the players do in a room beside writing: show a roll, ask for one, reveal what was hidden."""

from uuid import UUID

from django.db import transaction

from chat import log
from chat.documents import level_for, sees
from chat.drafts import Draft
from chat.game import cards
from chat.models import CardSubject, ChatMessage
from chat.rooms import Room, chronicle_of, level_in
from chat.services import mentions, notifying
from chat.services.change import quoting, show_again
from chat.services.posting import post
from chronicle.call import Call
from chronicle.models import Chronicle
from chronicle.rights import can
from contract.chat_game import AskInRoom, PostRoll
from contract.roll_requests import AskForRoll
from contract.translation import N_, _
from rolls import selectors, services
from rolls.models import Roll, Visibility
from rolls.services import requests
from rules.errors import Conflict, NotAllowed, NotFound, Unprocessable
from rules.visibility import PRIVATE, SECRET, TABLE, Level

NO_CHRONICLE = N_("No chronicle is played here.")


def chronicle_in(room: Room) -> Chronicle:
    """What is played there. Raises Unprocessable (`no_chronicle`)."""
    found = chronicle_of(room)
    if found is None:
        raise Unprocessable(_(NO_CHRONICLE), "no_chronicle")
    return found


def show_roll(call: Call, room: Room, given: PostRoll) -> ChatMessage:
    """Post the card of a roll that the caller made. A hidden one is for storytellers here too, until it is revealed.

    Raises NotFound, NotAllowed, Unprocessable (`roll_elsewhere`, `roll_private`).
    """
    roll = selectors.get(call.principal, given.roll)
    if roll.roller_id != call.principal.id:
        raise NotAllowed(_("Only the one who rolled can show a roll here."))
    if roll.chronicle_id != chronicle_in(room).pk:
        raise Unprocessable(_("This roll was made in another chronicle."), "roll_elsewhere")
    if roll.visibility == Visibility.PRIVATE:
        raise Unprocessable(_("Only you see this roll. Reveal it first."), "roll_private")
    draft = Draft(
        text=given.text,
        kind=ChatMessage.Kind.ROLL,
        card=cards.of_rolls([cards.shown(roll.pk)]),
        speaks_as=_speaks_for(call, roll),
        visibility=TABLE if roll.visibility == Visibility.PUBLIC else PRIVATE,
        nonce=given.nonce,
        subjects=[roll.pk],
    )
    return post(room, draft, principal=call.principal, cause=call.cause)


def _speaks_for(call: Call, roll: Roll) -> UUID | None:
    if roll.character and can(call.principal, "character.speak", roll.character):
        return roll.character.pk
    return None


@transaction.atomic
def ask(call: Call, room: Room, given: AskInRoom) -> ChatMessage:
    """Ask for a roll on a card in the room. What `requests.ask` raises."""
    fields = given.model_dump(exclude={"room", "nonce", "chronicle"})
    asked = AskForRoll(chronicle=chronicle_in(room).pk, **fields)
    row = requests.ask(call, asked)
    draft = Draft(
        text=row.text,
        kind=ChatMessage.Kind.REQUEST,
        card=cards.of_request(row.pk),
        as_myself=True,
        nonce=given.nonce,
        subjects=[row.pk],
    )
    return post(room, draft, principal=call.principal, cause=call.cause)


@transaction.atomic
def reveal(call: Call, room: Room, message_id: UUID) -> ChatMessage:
    """Show everybody what a storyteller has hidden, at its place, with its rolls.

    Raises NotFound, NotAllowed, Conflict (`already_public`).
    """
    message = hidden_message(call, room, message_id)
    ids = CardSubject.objects.filter(message=message).values("entity_id")
    for roll in Roll.objects.filter(pk__in=ids, visibility=Visibility.STORYTELLER).order_by("pk"):
        services.reveal(call.principal, roll.pk, call.cause)
    row: ChatMessage = ChatMessage.objects.select_for_update().get(pk=message_id)
    answers = quoting(row)
    row.visibility, row.changed = int(TABLE), log.take_number(room)
    found = mentions.resolve(room, row, call.principal)
    row.named = found.named or None
    row.save(update_fields=["visibility", "named", "changed"])
    notifying.tell(room, row, mentions.keep(row, found))
    log.publish_on_commit(room, row.pk, row.changed)
    show_again(room, answers)
    return row


def hidden_message(call: Call, room: Room, message_id: UUID) -> ChatMessage:
    level = level_in(call.principal, room)
    found = ChatMessage.objects.filter(pk=message_id, room=room.id, deleted_at=None).first()
    if found is None or not sees(found, level_for(found, call.principal.id, level)):
        raise NotFound(_("There’s no such message."))
    can(call.principal, "chronicle.tell", chronicle_in(room)).require()
    if Level(found.visibility) != SECRET:
        raise Conflict(_("This message isn’t hidden."), code="already_public")
    return found
