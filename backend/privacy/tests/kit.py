"""Somebody who has done everything, with words in it that are nobody else's; and a look for them in every table."""

import contextlib
import io
from collections.abc import Iterator
from datetime import timedelta

from django.apps import apps
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from chat.models import Block, ChatMessage, Participant, PrivateConversation
from chat.operations import messages
from chat.rooms import room_for
from chat.services import reading
from chat.tests.chat_kit import call as chat_call
from chat.tests.chat_kit import say
from chronicle.models import Invite, Server, ServerMember
from chronicle.services.servers import create_server
from contract.chat import DeleteMessage, React
from desk.models import Note
from desk.tests.kit import propose, set_
from discordauth.models import CustomUser, TokenFamily
from haven import portraits
from haven.models import Character
from haven.services import Reference, set_portrait
from haven.tests.kit import cause, change, make, sets
from privacy import deletion
from rolls.models import Macro
from rolls.tests.kit import roll
from testing.personas import World

# What is the person's alone: who they are, and what they told nobody but their storytellers.
NAME, LOGIN, NICKNAME, EMAIL = (
    "Quendolyn Marker",
    "quendolyn.login",
    "Quendy Nick",
    "quendolyn@marker.example",
)
BIO, AMBITION, SOLO = "biomarker", "ambitionmarker", "Solomarker"
TRACES = (NAME, LOGIN, NICKNAME, EMAIL, BIO, AMBITION, SOLO)


def picture() -> str:
    written = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(written, "PNG")
    return portraits.keep(written.getvalue())


def live_a_little(world: World) -> Character:
    """Make mira somebody with a bit of everything; return her character in the chronicle."""
    mira = world.mira
    mira.global_name, mira.username, mira.email, mira.bio = NAME, LOGIN, EMAIL, BIO
    mira.last_login_ip = "203.0.113.77"
    mira.save()
    ServerMember.objects.filter(user=mira).update(nickname=NICKNAME)
    TokenFamily.objects.create(user=mira, current="secret-jti", expires_at=timezone.now() + timedelta(days=1))
    owl = make(world, operations=sets(hunger=3, ambition=AMBITION))
    change(world, owl, *sets(hunger=4, ambition=f"{AMBITION} again"))
    for _ in range(2):
        set_portrait(world.principal("mira"), Reference(str(owl.pk)), picture(), cause(world, "mira"))
    solo = make(world, SOLO, chronicle=None)
    Macro.objects.create(character=owl, name="Bite", name_key="bite", pool="3")
    roll(world, owl, dice=[6, 6, 3, 2, 10])
    roll(world, owl, dice=[6, 6, 3, 2, 10], visibility="private", note="privatemarker")
    roll(world, solo, dice=[6, 6, 3, 2, 10], chronicle=None)
    Invite.objects.create(server=world.server, code="invite-code", made_by=mira)
    change(world, owl, *sets(locked=True), who="vesna")
    propose(world, owl, set_("strength", 3), text="please, proposalmarker")
    Note.objects.create(
        chronicle=world.chronicle, author=world.vesna, character=owl, title="Secret", text="plotmarker"
    )
    talk(world, owl)
    return Character.objects.get(pk=owl.pk)


def talk(world: World, owl: Character) -> None:
    """Let mira say something as herself and as her character, and be moderated."""
    said = [say(world, "mira", text) for text in ("hello", "deletedmarker")]
    ChatMessage.objects.filter(pk=said[0].id).update(voice={"name": owl.name, "portrait_url": owl.avatar})
    gone = {"room": said[1].room, "message": said[1].id}
    messages.DELETE.run(chat_call(world, "olga"), DeleteMessage.model_validate(gone))
    messages.REACT.run(
        chat_call(world, "mira"), React.model_validate(gone | {"message": said[0].id, "emoji": "🎉"})
    )
    reading.read(world.mira, room_for(world.principal("mira"), said[0].room), 1)
    Block.objects.create(user=world.mira, blocked=world.jonas)
    Block.objects.create(user=world.jonas, blocked=world.mira)
    conversation = PrivateConversation.objects.create(made_by=world.mira)
    for person in (world.mira, world.vesna):
        Participant.objects.create(conversation=conversation, user=person)


def web_server(world: World, owner: CustomUser) -> Server:
    return create_server(owner, "Night Circle", cause=cause(world, "mira"))


def leave(person: CustomUser) -> None:
    """Let the grace period of somebody pass, and do what the task does."""
    CustomUser.objects.filter(pk=person.pk).update(delete_at=timezone.now() - timedelta(seconds=1))
    deletion.erase(person)
    settle(person)
    deletion.erase(person)


def settle(person: CustomUser) -> None:
    """Let what was begun end, once the account is closed."""
    CustomUser.objects.filter(pk=person.pk).update(signed_out_at=timezone.now() - deletion.SETTLED)
    person.refresh_from_db()


def everywhere() -> Iterator[tuple[str, str]]:
    """Each row of each table as text."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy:
            for row in model._default_manager.values():
                yield model._meta.label, str(row)


def found(*traces: str) -> list[str]:
    return [f"{trace}: {label} {row}" for label, row in everywhere() for trace in traces if trace in row]


def files() -> list[str]:
    with contextlib.suppress(FileNotFoundError):
        return default_storage.listdir("portraits")[1]
    return []
