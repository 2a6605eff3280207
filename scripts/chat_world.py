"""Chat of the small world: an evening in the table's channel with a scene, and a private conversation."""

from datetime import timedelta
from uuid import UUID

# Who says what, and how many minutes after what stands before it.
EVENING: list[tuple[str, int, str]] = [
    ("Vesna", 0, "Friday at half past seven, as always. Who’s in?"),
    ("Mira", 3, "Me! Night Owl still has a score to settle with the harpies."),
    ("Jonas", 2, "In. I’ll bring the snacks 🍕"),
    ("Jonas", 0, "and Grey Fox, if the sewers are still open"),
    (
        "Vesna",
        1400,
        "Last time you left the Elysium by the kitchen door, with the prince’s sheriff two steps behind you and "
        "a silver tray in Mira’s hands. Nobody has asked what was on the tray. Nobody has dared to.\n\n"
        "Tonight begins an hour later, on the roof across the street.",
    ),
    ("Mira", 6, "I want to see who goes in and out. Wits + Awareness?"),
    ("Vesna", 1, "Yes, difficulty 3."),
    ("Mira", 1, "Four successes, no Hunger dice. Somebody’s looking down on me tonight."),
    ("Vesna", 2, "Three cars, no plates. And the harpy you know, alone, without her coat, in November."),
    ("Jonas", 1, "that’s bait"),
    ("Jonas", 1, "that’s obviously bait, right?"),
    ("Mira", 0, "Of course it is. I go down."),
    ("Jonas", 0, "😱"),
    ("Vesna", 95, "So that everybody can read it up: https://example.org/notes/elysium-burns"),
    ("Jonas", 4, "Who has the key to the boathouse? I wrote it down, and then I lost the page."),
]

# What is said in the scene; in double brackets stands a roll.
SCENE: list[tuple[str, str]] = [
    (
        "Vesna",
        "The roof is wet, and the whole street is a mirror. Down there a car door closes, much too quietly.",
    ),
    ("Mira", "I lie down at the edge and count the guards. [[4 vs 2]]"),
    ("Jonas", "((phone, back in five))"),
    ("Vesna", "Three, and a fourth who thinks that nobody sees him."),
    ("Jonas", "“That one is mine,” and I take the fire escape. [[2d10]]"),
]


def play(court: UUID) -> dict[str, object]:
    """Return what the paths of the pages name."""
    from django.utils import timezone

    from chat.models import ChatMessage, Participant, PrivateConversation
    from chat.rooms import Room
    from chronicle.models import Chronicle, ServerChannel
    from discordauth.models import CustomUser

    people = {name: CustomUser.objects.get(global_name=name) for name in ("Vesna", "Mira", "Jonas")}
    chronicle = Chronicle.objects.get(pk=court)
    channel = (
        ServerChannel.objects.select_related("server").filter(server=chronicle.server).order_by("position")[0]
    )
    room = Room(channel.pk, channel=channel)
    now = timezone.now()
    at = now - timedelta(minutes=sum(minutes for _, minutes, _ in EVENING) + 7)
    for name, minutes, text in EVENING:
        at += timedelta(minutes=minutes)
        said = _say(people[name], room, text)
        ChatMessage.objects.filter(pk=said).update(created_at=at)
    pair = ":".join(sorted(str(people[name].pk) for name in ("Mira", "Jonas")))
    private = PrivateConversation.objects.create(pair=pair, made_by=people["Mira"])
    for name in ("Mira", "Jonas"):
        Participant.objects.create(conversation=private, user=people[name])
    _say(people["Jonas"], Room(private.pk, conversation=private), "Did you keep the tray?")
    return {"talk": channel.pk, "talk_private": private.pk, "scene": _scene({**people}, room)}


def _scene(people: dict[str, object], room: object) -> UUID:
    """A scene that was played and closed."""
    from chat.rooms import Room
    from chat.services import scenes
    from chronicle.principal import Principal
    from contract.chat_scenes import OpenScene
    from discordauth.models import CustomUser
    from timeline.services import Cause

    assert isinstance(room, Room)
    teller = people["Vesna"]
    assert isinstance(teller, CustomUser)
    principal = Principal.for_user(teller)
    wanted = OpenScene(room=room.id, title="The roof across the street", place="Harbour quarter")
    row = scenes.open_in(room, wanted, principal=principal, cause=Cause(teller, "web"))
    for name, text in SCENE:
        _say(people[name], room, text)
    return scenes.close(row.pk, principal=principal).pk


def _say(user: object, room: object, text: str) -> UUID:
    from chat.rooms import Room
    from chat.services.posting import Draft, post
    from chronicle.principal import Principal
    from discordauth.models import CustomUser
    from timeline.services import Cause

    assert isinstance(user, CustomUser)
    assert isinstance(room, Room)
    return post(room, Draft(text=text), principal=Principal.for_user(user), cause=Cause(user, "web")).pk
