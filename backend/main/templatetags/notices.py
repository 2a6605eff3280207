"""Notices in words, and the table of their sentences for the scripts of a page."""

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

from contract import notices
from contract.base import Json
from haven import schema

register = template.Library()


@register.filter
def sentence(notice: Json) -> str:
    return notices.sentence(notices.read(notice))


@register.simple_tag
def notice_sentences() -> SafeString:
    """For `notices.js`."""
    table = {"sentences": notices.sentences(), "names": sorted(notices.NAMES)}
    return json_script(table, "notice-sentences")


@register.simple_tag
def label_words(splat: str) -> SafeString:
    """For `labels.js`: what the labels of this character's events are made of."""
    return json_script(schema.label_words(splat), "label-words")
