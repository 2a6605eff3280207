"""Notices in words, and the table of their sentences for the scripts of a page."""

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

from contract import notices
from contract.base import Json

register = template.Library()


@register.filter
def sentence(notice: Json) -> str:
    return notices.sentence(notices.read(notice))


@register.simple_tag
def notice_sentences() -> SafeString:
    """For `notices.js`."""
    return json_script(notices.sentences(), "notice-sentences")
