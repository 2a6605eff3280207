"""What is posted through a webhook: that of a channel, or the one behind an interaction's token."""

from collections.abc import Awaitable, Callable

from sandbox.errors import Json
from sandbox.rest import interactions
from sandbox.rest.call import ANYONE, Answer, Call, Route
from sandbox.validation.forms import Form
from sandbox.validation.messages import COMPONENTS_V2, EPHEMERAL, check_message, check_webhook_name


def _webhook(call: Call) -> Json:
    return call.world.webhooks.get(call.id("webhook_id"), call.text("token"))


def _thread_id(call: Call) -> str:
    """Return the thread that the query names, or nothing."""
    if not call.request.query.get("thread_id"):
        return ""
    query = Form(dict(call.request.query))
    thread_id = query.snowflake("thread_id")
    query.check()
    return thread_id


def _message(call: Call) -> Json:
    return call.box.hooks.message(_webhook(call), _thread_id(call), call.id("message_id"))


async def execute(call: Call) -> Answer:
    webhook, form = _webhook(call), Form(call.data)
    if "username" in form.body:
        check_webhook_name(form, "username")
    form.link("avatar_url", 2048)
    form.text("thread_name", 100)
    form.check()
    check_message(call.data, files=len(call.files))
    body = {**call.data, "flags": int(call.data.get("flags") or 0) & ~EPHEMERAL}
    body.pop("message_reference", None)  # a webhook answers nothing
    message = call.box.hooks.post(webhook, _thread_id(call), body, call.files)
    return Answer(200, call.world.show_message(message)) if call.flag("wait") else Answer(204)


async def get(call: Call) -> Json:
    return call.world.show_message(_message(call))


async def edit(call: Call) -> Json:
    message = _message(call)
    check_message(call.data, files=len(call.files), v2=bool(message["flags"] & COMPONENTS_V2))
    return call.world.show_message(call.box.posting.edit(message, call.data, call.files))


async def delete(call: Call) -> None:
    call.box.posting.delete(_message(call))


Handler = Callable[[Call], Awaitable[object]]


def _either(of_interaction: Handler, of_channel: Handler) -> Handler:
    """The application's own id in the path stands for its interactions, every other for a webhook."""

    async def handle(call: Call) -> object:
        own = call.id("webhook_id") == call.world.bot_id
        return await (of_interaction if own else of_channel)(call)

    return handle


HOOK = "/webhooks/{webhook_id}/{token}"
MESSAGE = HOOK + "/messages/{message_id}"
ROUTES = [
    Route("POST", HOOK, _either(interactions.followup, execute), ANYONE),
    Route("GET", MESSAGE, _either(interactions.get_message, get), ANYONE),
    Route("PATCH", MESSAGE, _either(interactions.edit_message, edit), ANYONE),
    Route("DELETE", MESSAGE, _either(interactions.delete_message, delete), ANYONE),
]
