"""What can be done with overlays, and what a producer does. An overlay's secret address is kept with no key."""

from collections.abc import Callable
from uuid import UUID

from chronicle.call import Call
from companion.models import Campaign, Overlay
from companion.overlay_tokens import address
from companion.services import overlays, stage
from contract import overlays as shapes
from contract.endpoints import Shape
from contract.stage import Decisions, TierLayout
from timeline.keys import Kept
from timeline.operations import Addresses, InputT, Operation


def shown(row: Overlay) -> shapes.Overlay:
    places = TierLayout.model_validate(row.places or {})
    return shapes.Overlay.from_object(row, places=places, url=address(row))


def _changed(row: Overlay) -> shapes.OverlayChanged:
    return shapes.OverlayChanged(overlay=shown(row), id=row.pk)


def _replay(call: Call, kept: Kept) -> shapes.OverlayChanged:
    return _changed(overlays.get(call.principal, UUID(str(kept.body["id"]))))


def _list(call: Call, given: shapes.ListOverlays) -> shapes.Overlays:
    """The overlays of a chronicle, with their secret addresses."""
    rows = overlays.overlays_of(call.principal, call.chronicle_for(given.chronicle))
    return shapes.Overlays(results=list(map(shown, rows)))


def _create(call: Call, given: shapes.CreateOverlay) -> shapes.OverlayChanged:
    """Make an overlay for a program for streaming."""
    chronicle = call.chronicle_for(given.chronicle)
    return _changed(overlays.create(call.principal, chronicle, given, call.cause))


def _change(call: Call, given: shapes.ChangeOverlay) -> shapes.OverlayChanged:
    """Change an overlay; where it is open it looks different at once."""
    return _changed(overlays.change(call.principal, given, call.cause))


def _renew(call: Call, given: shapes.NamedOverlay) -> shapes.OverlayChanged:
    """Give an overlay a new address; at the old one nothing is shown any more."""
    return _changed(overlays.renew(call.principal, given.overlay, call.cause))


def _remove(call: Call, given: shapes.NamedOverlay) -> shapes.OverlayRemoved:
    """Remove an overlay."""
    overlays.remove(call.principal, given.overlay, call.cause)
    return shapes.OverlayRemoved(id=given.overlay)


# The stage


def _stage(campaign: Campaign) -> shapes.Stage:
    decided = Decisions.model_validate(campaign.stage)
    card = decided.title_card
    return shapes.Stage(
        chronicle=campaign.chronicle_id,
        blackout=decided.blackout,
        hidden=decided.hidden,
        vetoed=decided.vetoed,
        title=card.title if card else "",
        text=card.text if card else "",
        version=campaign.version,
    )


def _get(call: Call, given: shapes.StageInput) -> shapes.Stage:
    """What is decided of the stage."""
    with stage.producing(call.principal, call.chronicle_for(given.chronicle)) as campaign:
        return _stage(campaign)


def _blackout(call: Call, given: shapes.SetBlackout) -> shapes.Stage:
    """Take everything off air at once, or show it again."""
    return _stage(
        stage.set_blackout(call.principal, call.chronicle_for(given.chronicle), given.on, call.cause)
    )


def _hide(call: Call, given: shapes.SetHidden) -> shapes.Stage:
    """Take a character off air at once, or put it on again."""
    chronicle = call.chronicle_for(given.chronicle)
    return _stage(stage.set_hidden(call.principal, chronicle, given.character, given.hidden, call.cause))


def _veto(call: Call, given: shapes.SetVeto) -> shapes.Stage:
    """Keep a roll from the screen, or allow it again."""
    chronicle = call.chronicle_for(given.chronicle)
    return _stage(stage.set_veto(call.principal, chronicle, given.roll, given.vetoed, call.cause))


def _again(call: Call, given: shapes.ShowAgain) -> shapes.Stage:
    """Show a roll on the overlays once more."""
    chronicle = call.chronicle_for(given.chronicle)
    return _stage(stage.show_again(call.principal, chronicle, given.roll, call.cause))


def _title(call: Call, given: shapes.SetTitle) -> shapes.Stage:
    """Show a title card; without a title it goes."""
    chronicle = call.chronicle_for(given.chronicle)
    return _stage(stage.set_title(call.principal, chronicle, given.title, given.text, call.cause))


def _undo(call: Call, given: shapes.StageInput) -> shapes.Stage:
    """Take the producer's last step back."""
    return _stage(stage.undo(call.principal, call.chronicle_for(given.chronicle), call.cause))


def _producer(call: Call, given: shapes.SetProducer) -> shapes.Stage:
    """Let a member decide what is on air, or no longer."""
    chronicle = call.chronicle_for(given.chronicle)
    return _stage(stage.set_producer(call.principal, chronicle, given.user, given.on, call.cause))


def _on_overlay(
    name: str, input: type[InputT], run: Callable[[Call, InputT], shapes.OverlayChanged], status: int = 200
) -> Operation[Call, InputT, shapes.OverlayChanged]:
    shape = Shape(input, shapes.OverlayChanged)
    return Operation(f"overlays.{name}", shape, run, "campaign.run", status=status, replay=_replay)


def _on_stage(
    name: str, input: type[InputT], run: Callable[[Call, InputT], shapes.Stage], *, reads: bool = False
) -> Operation[Call, InputT, shapes.Stage]:
    return Operation(f"stage.{name}", Shape(input, shapes.Stage), run, "campaign.produce", reads=reads)


LIST = Operation(
    "overlays.list", Shape(shapes.ListOverlays, shapes.Overlays), _list, "campaign.run", reads=True
)
CREATE = _on_overlay("create", shapes.CreateOverlay, _create, 201)
CHANGE = _on_overlay("change", shapes.ChangeOverlay, _change)
RENEW = _on_overlay("renew", shapes.NamedOverlay, _renew)
REMOVE = Operation(
    "overlays.remove", Shape(shapes.NamedOverlay, shapes.OverlayRemoved), _remove, "campaign.run"
)
GET_STAGE = _on_stage("get", shapes.StageInput, _get, reads=True)
BLACKOUT = _on_stage("blackout", shapes.SetBlackout, _blackout)
HIDE = _on_stage("hide", shapes.SetHidden, _hide)
VETO = _on_stage("veto", shapes.SetVeto, _veto)
AGAIN = _on_stage("again", shapes.ShowAgain, _again)
TITLE = _on_stage("title", shapes.SetTitle, _title)
UNDO = _on_stage("undo", shapes.StageInput, _undo)
PRODUCER = _on_stage("producer", shapes.SetProducer, _producer)

STAGE = "chronicles/<uuid:chronicle>/stage/"
REST: Addresses = {
    "chronicles/<uuid:chronicle>/overlays/": {"GET": LIST, "POST": CREATE},
    "overlays/<uuid:overlay>/": {"PATCH": CHANGE, "DELETE": REMOVE},
    "overlays/<uuid:overlay>/renew/": {"POST": RENEW},
    STAGE: {"GET": GET_STAGE},
    f"{STAGE}blackout/": {"POST": BLACKOUT},
    f"{STAGE}hidden/": {"POST": HIDE},
    f"{STAGE}veto/": {"POST": VETO},
    f"{STAGE}again/": {"POST": AGAIN},
    f"{STAGE}title/": {"POST": TITLE},
    f"{STAGE}undo/": {"POST": UNDO},
    f"{STAGE}producers/": {"POST": PRODUCER},
}
