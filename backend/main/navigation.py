"""Where a page stands: its breadcrumbs, and the places beside it in the same chronicle or server."""

from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse

from chronicle import features, rights
from chronicle.models import Chronicle, Server
from chronicle.principal import Principal
from contract.translation import _, p_
from haven.models import Character


class Name(str):
    """What somebody typed: pages mark it, so that no translator touches it."""

    is_name = True


class Link(NamedTuple):
    """`slug` names a place of the navigation, and with it its icon."""

    label: str
    url: str
    slug: str = ""


@dataclass(frozen=True)
class Place:
    """`crumbs` lead to the page, which is called `current`; `tabs` are the places of `name`, `here` is one of them."""

    current: str
    crumbs: tuple[Link, ...] = ()
    name: str = ""
    tabs: tuple[Link, ...] = ()
    here: str = ""


def in_chronicle(
    principal: Principal, chronicle: Chronicle, here: str, current: str, *between: Link
) -> Place:
    """Place a page in its chronicle; `between` are the crumbs after the chronicle's."""
    home = Link(Name(chronicle.name), reverse("chronicle", args=[chronicle.id]))
    crumbs = (_server(chronicle.server, chronicle.name), home, *between)
    return Place(current, crumbs, chronicle.name, _places(principal, chronicle), here)


def chronicle_itself(principal: Principal, chronicle: Chronicle, here: str = "settings") -> Place:
    crumbs = (_server(chronicle.server, chronicle.name),)
    return Place(Name(chronicle.name), crumbs, chronicle.name, _places(principal, chronicle), here)


def of_character(principal: Principal, character: Character, current: str = "") -> Place:
    """Place a character's sheet, or with `current` a page below it."""
    name = Name(character.name)
    below = (Link(name, reverse("sheet", args=[character.id])),) if current else ()
    chronicle = character.chronicle
    if chronicle is None or not rights.can(principal, "chronicle.view", chronicle):
        return Place(current or name, below)
    return in_chronicle(principal, chronicle, "characters", current or name, *below)


def in_server(principal: Principal, server: Server, here: str, current: str, *between: Link) -> Place:
    """Place a page in its server; its first page is the server itself."""
    crumbs = () if here == "server" else (_server(server), *between)
    places = [
        ("server", _("Overview")),
        ("members", _("Members")),
        ("channels", _("Channels")),
        ("why", _("Permissions")),
    ]
    if features.is_on(server, "boards"):
        places.append(("boards", _("Boards")))
    if rights.can(principal, "server.manage", server):
        places.append(("setup", _("Set up")))
    tabs = tuple(Link(label, reverse(slug, args=[server.id]), slug) for slug, label in places)
    return Place(current, crumbs, server.name, tabs, here)


def in_progress(here: str, current: str, *between: Link) -> Place:
    """Place a page of what its reader earns; the first page is the overview."""
    tabs = (
        Link(_("Overview"), reverse("progress"), "progress"),
        Link(p_("drills", "Practice"), reverse("practice"), "practice"),
        Link(_("Exams"), reverse("exams"), "exams"),
        Link(_("Badges"), reverse("badges"), "badges"),
        Link(_("Boards"), reverse("all-boards"), "boards"),
        Link(_("Profile"), reverse("profile"), "profile"),
    )
    crumbs = (
        () if here == "progress" and not between else (Link(_("Progress"), reverse("progress")), *between)
    )
    return Place(current, crumbs, _("Progress"), tabs, here)


def _server(server: Server, beside: str = "") -> Link:
    """A server's first chronicle often bears its name; the crumbs then tell them apart."""
    name = _("{name} server", name=server.name) if server.name == beside else Name(server.name)
    return Link(name, reverse("server", args=[server.id]))


def _places(principal: Principal, chronicle: Chronicle) -> tuple[Link, ...]:
    def may(action: str) -> bool:
        return bool(rights.can(principal, f"chronicle.{action}", chronicle))

    settings = _("Settings") if may("manage") or may("lead") else _("About")
    tabs = [
        Link(_("Characters"), f"{reverse('dashboard')}?chronicle={chronicle.id}", "characters"),
        Link(_("Rolls"), reverse("rolls", args=[chronicle.id]), "rolls"),
        Link(_("Conflicts"), reverse("conflicts", args=[chronicle.id]), "conflicts"),
    ]
    tabs.append(Link(_("Episodes"), reverse("sessions", args=[chronicle.id]), "sessions"))
    if rights.can(principal, "campaign.run", chronicle):
        tabs.append(Link(_("On air"), reverse("producer", args=[chronicle.id]), "stage"))
    if may("characters"):
        tabs.append(Link(_("Desk"), reverse("desk", args=[chronicle.id]), "desk"))
    return (*tabs, Link(settings, reverse("chronicle", args=[chronicle.id]), "settings"))
