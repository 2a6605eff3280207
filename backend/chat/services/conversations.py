"""Private conversations: start one, and say who is in it. Nobody reads what was said before they came."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from chat import log
from chat.models import Block, Participant, PrivateConversation
from chronicle.models import ServerMember
from chronicle.principal import Principal
from chronicle.rights import can
from contract.chat_conversations import MAX_NAME, MOST_PEOPLE
from contract.translation import N_, _
from discordauth.models import CustomUser
from rules.errors import Conflict, Invalid, NotAllowed, NotFound
from rules.text import clean
from timeline.services import rights_changed

NOBODY = N_("There’s nobody like that whom you share a server with.")


def start(user: CustomUser, people: Collection[UUID], name: str = "") -> PrivateConversation:
    """The conversation with one other, which there is once; or a new group. Raises Invalid, NotAllowed, NotFound."""
    others = set(people) - {user.pk}
    if not others:
        raise Invalid.field("people", _("Choose somebody else to talk to."))
    _require_known(user, others)
    called = clean(name, MAX_NAME)
    if len(others) > 1 or called:
        _require_free(user, others)
        return _make(user, {user.pk, *others}, name=called)
    pair = ":".join(sorted(map(str, (user.pk, *others))))
    try:
        return _of_pair(pair) or _make(user, {user.pk, *others}, pair=pair)
    except IntegrityError:
        # The other one began it at the same moment.
        if (found := _of_pair(pair)) is None:
            raise
        return found


def _of_pair(pair: str) -> PrivateConversation | None:
    return PrivateConversation.objects.filter(pair=pair).first()


@transaction.atomic
def _make(
    user: CustomUser, people: set[UUID], *, name: str = "", pair: str | None = None
) -> PrivateConversation:
    made = PrivateConversation.objects.create(name=name, pair=pair, made_by=user)
    Participant.objects.bulk_create(Participant(conversation=made, user_id=pk) for pk in sorted(people))
    return made


def rename(conversation: PrivateConversation, name: str, *, principal: Principal) -> None:
    """Call a group something else. Raises NotAllowed."""
    with _changing(conversation, principal, "manage", ()) as locked:
        locked.name = clean(name, MAX_NAME)


def add(conversation: PrivateConversation, user: CustomUser, new: UUID, *, principal: Principal) -> None:
    """Take somebody into a group; they read from now on. Raises Conflict (`group_full`), NotAllowed, NotFound."""
    with _changing(conversation, principal, "manage", [new]) as locked:
        if new in locked.people:
            return
        if len(locked.people) >= MOST_PEOPLE:
            raise Conflict(_("A group can have up to {most} people.", most=MOST_PEOPLE), code="group_full")
        _require_known(user, {new})
        _require_free(user, {new})
        locked.begins = log.head(locked.pk)
        Participant.objects.create(conversation=locked, user_id=new, since=locked.begins)


def remove(conversation: PrivateConversation, gone: UUID, *, principal: Principal) -> None:
    """Leave a group, or take somebody out of it. Who has been there longest leads it when its maker leaves."""
    action = "manage" if gone == principal.id else "remove"
    with _changing(conversation, principal, action, [gone]) as locked:
        if not Participant.objects.filter(conversation=locked, user=gone).delete()[0]:
            raise NotFound(_("This person isn’t in the group."))
        if locked.made_by_id == gone:
            locked.made_by_id = _longest_there(locked)


def _longest_there(conversation: PrivateConversation) -> UUID | None:
    rows = Participant.objects.filter(conversation=conversation).order_by("joined_at", "pk")
    return rows.values_list("user_id", flat=True).first()


@contextmanager
def _changing(
    conversation: PrivateConversation, principal: Principal, action: str, users: Collection[UUID]
) -> Iterator[PrivateConversation]:
    """Yield the locked row, then save it; open rooms look at the rights of these people again."""
    with transaction.atomic():
        locked = PrivateConversation.objects.select_for_update().get(pk=conversation.pk)
        can(principal, f"conversation.{action}", locked).require()
        yield locked
        locked.version += 1
        locked.save(update_fields=["name", "made_by", "begins", "version"])
        rights_changed(locked.pk, locked.version, map(str, users))


def _require_known(user: CustomUser, people: Collection[UUID]) -> None:
    """People learn of each other in servers; others are nobody to them. Raises NotFound."""
    servers = ServerMember.objects.filter(user=user).values("server")
    shared = ServerMember.objects.filter(server__in=servers, user__in=people, user__is_active=True)
    if len(set(shared.values_list("user_id", flat=True))) < len(set(people)):
        raise NotFound(_(NOBODY))


def _require_free(user: CustomUser, people: Collection[UUID]) -> None:
    """Raises NotAllowed where one of them wants nothing of the other, and does not tell which."""
    either = Q(user=user, blocked__in=people) | Q(user__in=people, blocked=user)
    if Block.objects.filter(either).exists():
        raise NotAllowed(_("You can’t write to this person."))
