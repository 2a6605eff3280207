"""What operators may look at. Messages of private conversations are nobody's but their participants'."""

from django.contrib import admin

from chat.models import ModerationEntry

admin.site.register(ModerationEntry)
