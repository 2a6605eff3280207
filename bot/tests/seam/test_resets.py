"""The reset of progress, between rodbot's real client and the real backend."""

from typing import Any

import pytest

from contract import endpoints, resets
from rodbot.core.backend import BackendError
from tests.seam.conftest import GUILD, Mirror, Who


async def test_who_owns_a_server_is_no_admin_of_the_platform(
    sync: Mirror, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    calls = (
        olga().call(endpoints.PREVIEW_RESET, resets.PreviewReset(scope="server")),
        olga().call(endpoints.CONFIRM_RESET, resets.ConfirmReset(word="RESET")),
        olga().call(endpoints.UNDO_RESET, resets.UndoReset()),
    )
    for call in calls:
        with pytest.raises(BackendError) as refused:
            await call
        assert (refused.value.refusal.code, refused.value.refusal.detail) == (
            "not_allowed",
            "Only admins of this platform can reset progress.",
        )
