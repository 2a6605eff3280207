"""JSON web tokens, for clients that are no browser. A token ends with what gave it: the password, the session, or the
account; and a refresh token that comes a second time ends all that the same sign-in gave.

However soon it comes: within a time of grace a thief who is quick would be taken for a client that asks twice.
Pages sign in by session, so no two tabs share a refresh token; a client with several tasks lets one of them renew.
"""

import logging
from collections.abc import Iterable
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken, Token
from rest_framework_simplejwt.utils import datetime_from_epoch, get_md5_hash_password

from contract.translation import N_, _
from discordauth.models import CustomUser, TokenFamily
from discordauth.tickets import Grant, recheck_sockets
from timeline import limits

log = logging.getLogger(__name__)

FAMILY = "family"
ENDED = N_("This token has ended. Please sign in again.")


class TokenAuthentication(JWTAuthentication):
    def get_user(self, validated_token: Token) -> CustomUser:  # type: ignore[override]  # its stub knows no own model
        """One query, as without families."""
        user = user_of(validated_token)
        if user is None:
            raise InvalidToken(_(ENDED))
        return user


def start_family(user: CustomUser, session_key: str = "") -> dict[str, str]:
    """`access` and `refresh`, the first of a family. `session_key`: of the web session that asks for them."""
    TokenFamily.objects.filter(user=user, expires_at__lt=timezone.now()).delete()
    family = TokenFamily(user=user, session_key=session_key)
    refresh = _member(family)
    family.save(force_insert=True)
    return _pair(refresh)


def renew(raw: str) -> dict[str, str]:
    """The next `access` and `refresh` for a refresh token, which is good once. Raises TokenError, Limit."""
    given = RefreshToken(raw)  # type: ignore[arg-type]  # it takes the raw text, whatever its stub says
    user = user_of(given)
    if user is None or FAMILY not in given:
        raise TokenError(_(ENDED))
    limits.spend({"refresh by account": str(user.pk)})
    family = TokenFamily(pk=given[FAMILY], user=user)
    refresh = _member(family)
    known = TokenFamily.objects.filter(pk=family.pk)
    if not known.filter(current=given["jti"]).update(current=family.current, expires_at=family.expires_at):
        log.warning("a refresh token of %s came twice: all tokens of that sign-in have ended", user.pk)
        known.delete()
        recheck_sockets()
        raise TokenError(_(ENDED))
    return _pair(refresh)


def _member(family: TokenFamily) -> RefreshToken:
    """A fresh refresh token, and the family that expects it."""
    refresh = RefreshToken.for_user(family.user)
    refresh[FAMILY] = str(family.pk)
    family.current, family.expires_at = refresh["jti"], datetime_from_epoch(refresh["exp"])
    return refresh


def _pair(refresh: RefreshToken) -> dict[str, str]:
    return {"access": str(refresh.access_token), "refresh": str(refresh)}


def user_of(token: Token) -> CustomUser | None:
    """Whom a token speaks for, in one query; None once what gave it has ended.

    A token without a family was made by hand, and ends with its time, the password and the account alone.
    """
    try:
        user_id = UUID(str(token.get(api_settings.USER_ID_CLAIM)))
        family_id = UUID(str(token[FAMILY])) if FAMILY in token else None
    except ValueError:
        return None
    if family_id:
        of_family = _alive().select_related("user").filter(pk=family_id, user=user_id)
        user = next((family.user for family in of_family), None)
    else:
        user = CustomUser.objects.filter(pk=user_id).first()
    if user is None or not user.is_active:
        return None
    if user.signed_out_at and float(token.get("iat", 0)) <= user.signed_out_at.timestamp():
        return None
    given = str(token.get(api_settings.REVOKE_TOKEN_CLAIM))
    return user if constant_time_compare(given, get_md5_hash_password(user.password)) else None


def grant(user: CustomUser, token: Token) -> Grant:
    """What a socket that is opened with this token ends with."""
    return Grant(
        str(user.pk),
        auth_hash=user.get_session_auth_hash(),
        expires=float(token["exp"]),
        family=token.get(FAMILY, ""),
    )


def alive_families(ids: Iterable[str]) -> set[str]:
    return {str(pk) for pk in _alive().filter(pk__in=ids).values_list("pk", flat=True)}


def end_of_session(session_key: str) -> None:
    """End the tokens that this web session gave, and the sockets that came with them."""
    if TokenFamily.objects.filter(session_key=session_key).delete()[0]:
        recheck_sockets()


def _alive() -> QuerySet[TokenFamily]:
    now = timezone.now()
    session = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    return TokenFamily.objects.filter(Q(session_key="") | Exists(session), expires_at__gt=now)
