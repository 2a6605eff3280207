"""Messages of channels and threads, private conversations, and what somebody keeps of a room."""

from rod.tests.matrix.entries import MEMBERS, SIGNED_IN, Audience, Body, Entry
from rod.tests.matrix.people import INSIDE, OUTSIDE, Scene

MODERATORS = Audience(frozenset({"moderator", "admin", "owner", "root"}))
AUTHOR = Audience(frozenset({"player"}))
AUTHOR_AND_MODERATORS = MODERATORS.plus("player")
# Of any chronicle of the server: the channel is bound to none.
PINNERS = MODERATORS.plus("narrator", "leader", "helper", "elsewhere")
# Of a channel that is hidden: who manages channels, and the role that its document names.
FEW = Audience(frozenset({"narrator", "admin", "owner", "root"})).unseen
# In a private conversation there is nobody else, no owner and no platform admin.
THE_TWO = Audience(frozenset({"player", "other"})).unseen
# Who shares a server with both: a platform admin is member of none.
ACQUAINTED = Audience(INSIDE - {"root"}, OUTSIDE | {"root"})

ROOM = "api/chat/rooms/<uuid:room>/"
MESSAGE = ROOM + "messages/<uuid:message>/"
TALK, GROUP, VAULT, THREAD = ({"room_id": name} for name in ("talk", "group", "vault", "thread"))
WHISPERED = {"room_id": "talk", "message_id": "whispered"}
REACTION = MESSAGE + "reactions/<str:emoji>/"
PERSON = "api/chat/conversations/<uuid:room>/people/<uuid:user>/"
BLOCK = {"user_id": "bystander"}


def says(**fields: object) -> Body:
    return lambda scene: dict(fields)


def with_both(scene: Scene) -> dict[str, object]:
    return {"people": [str(scene.people[name].pk) for name in ("other", "elsewhere")]}


API = [
    Entry("GET", ROOM + "messages/", MEMBERS),
    Entry("POST", ROOM + "messages/", MEMBERS, says(text="Good evening")),
    Entry("GET", ROOM + "messages/", FEW, at=VAULT),
    Entry("POST", ROOM + "messages/", FEW, says(text="Good evening"), at=VAULT),
    Entry("GET", ROOM + "messages/", THE_TWO, at=TALK),
    Entry("POST", ROOM + "messages/", THE_TWO, says(text="Good evening"), at=TALK),
    Entry("GET", ROOM + "messages/", MEMBERS, at=THREAD),
    Entry("GET", MESSAGE, MEMBERS),
    Entry("PATCH", MESSAGE, AUTHOR, says(text="Good night")),
    Entry("DELETE", MESSAGE, AUTHOR_AND_MODERATORS, says(reason="Late")),
    Entry("GET", MESSAGE, THE_TWO, at=WHISPERED),
    Entry("PATCH", MESSAGE, AUTHOR.unseen.seen_by("other"), says(text="Good night"), at=WHISPERED),
    Entry("DELETE", MESSAGE, AUTHOR.unseen.seen_by("other"), at=WHISPERED),
    Entry("PUT", REACTION, MEMBERS),
    Entry("DELETE", REACTION, MEMBERS),
    Entry("PUT", REACTION, THE_TWO, at=WHISPERED),
    Entry("GET", ROOM + "pins/", MEMBERS),
    Entry("GET", ROOM + "pins/", THE_TWO, at=TALK),
    Entry("PUT", ROOM + "pins/<uuid:message>/", PINNERS),
    Entry("DELETE", ROOM + "pins/<uuid:message>/", PINNERS),
    Entry("PUT", ROOM + "pins/<uuid:message>/", THE_TWO, at=WHISPERED),
    Entry("POST", ROOM + "read/", MEMBERS, says(seq=1)),
    Entry("POST", ROOM + "read/", THE_TWO, says(seq=1), at=TALK),
    Entry("POST", ROOM + "read/", FEW, says(seq=1), at=VAULT),
    Entry("GET", ROOM + "notify/", MEMBERS),
    Entry("PUT", ROOM + "notify/", MEMBERS, says(notify="all")),
    Entry("PUT", ROOM + "notify/", THE_TWO, says(notify="all"), at=TALK),
    Entry("GET", "api/chat/servers/<uuid:server>/notify/", MEMBERS),
    Entry("PUT", "api/chat/servers/<uuid:server>/notify/", MEMBERS, says(notify="nothing")),
    Entry("GET", "api/chat/mentions/", SIGNED_IN),
    Entry("GET", "api/chat/rooms/<uuid:room>/", FEW, at=VAULT),
    Entry("GET", "api/chat/rooms/<uuid:room>/", THE_TWO, at=TALK),
    Entry("POST", ROOM + "threads/", MEMBERS, says(name="Aside")),
    Entry("POST", ROOM + "threads/", FEW, says(name="Aside"), at=VAULT),
    Entry("GET", ROOM + "thread/", MEMBERS, at=THREAD),
    Entry("PATCH", ROOM + "thread/", AUTHOR_AND_MODERATORS, says(archived=True), at=THREAD),
    Entry("GET", MESSAGE + "removed/", MODERATORS, at={"message_id": "removed"}),
    Entry("GET", "api/chat/servers/<uuid:server>/moderation/", MODERATORS),
    Entry("POST", "api/chat/conversations/", ACQUAINTED, with_both),
    Entry("GET", "api/chat/conversations/<uuid:room>/", THE_TWO, at=TALK),
    Entry("PATCH", "api/chat/conversations/<uuid:room>/", THE_TWO, says(name="We two"), at=GROUP),
    Entry("PUT", PERSON, THE_TWO, at=GROUP | {"user_id": "elsewhere"}),
    Entry("DELETE", PERSON, THE_TWO, at=GROUP | {"user_id": "other"}),
    Entry("GET", "api/chat/blocks/", SIGNED_IN),
    Entry("PUT", "api/chat/blocks/<uuid:user>/", SIGNED_IN, at=BLOCK),
    Entry("DELETE", "api/chat/blocks/<uuid:user>/", SIGNED_IN, at=BLOCK),
]
