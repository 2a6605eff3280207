"""Rolls, as slash commands and their buttons need them: one request a press."""

from bot.views.roll_views.after import ChooseView, RerollView, RevealView, StrikeView
from bot.views.roll_views.luck import LuckView
from bot.views.roll_views.macros import CopyMacroView, MacrosView, RunMacroView
from bot.views.roll_views.make import CheckView, OddsView, PoolView, RollsView, RollView
from bot.views.roll_views.requests import (
    AnswerRequestView,
    CloseRequestView,
    LookRequestView,
    RequestsView,
)

__all__ = [
    "AnswerRequestView",
    "CheckView",
    "ChooseView",
    "CloseRequestView",
    "CopyMacroView",
    "LookRequestView",
    "LuckView",
    "MacrosView",
    "OddsView",
    "PoolView",
    "RequestsView",
    "RerollView",
    "RevealView",
    "RollView",
    "RollsView",
    "RunMacroView",
    "StrikeView",
]
