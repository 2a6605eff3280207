"""Every model of the project: whether it holds something of a person, what their download shows of it, and what becomes
of it when their account goes. A test fails for a model that is missing here. What players earned stands in `progress`.

A download shows what its reader sees elsewhere too: nothing that storytellers hide from a player.
"""

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from chronicle.models import (
    Attendance,
    EpisodeReminder,
    EpisodeSettings,
    Invite,
    Server,
    ServerChannel,
    ServerMember,
    VoiceSeat,
)
from companion.models import Producer
from conflicts.models import Conflict
from desk.models import Comment, Note, Submission
from desk.services.submissions import rows as submissions
from discordauth.models import CustomUser, TokenFamily
from haven.models import Character, DefaultCharacter
from haven.selectors import rows as characters
from patreon.models import Pledge, PledgeChange, SupporterTier
from privacy import chat, erasing, progress, scrubbing, showing
from privacy.erasing import delete, stays
from privacy.models import Download
from privacy.personal import Personal, of
from privacy.showing import columns
from rolls.models import Asked, Macro, Roll, RollRequest
from rolls.selectors import rows as rolls
from timeline.models import Event, IdempotencyKey, Notification, Stream
from uploads.models import StoredFile

# Who asks at a door (`timeline.keys.Key`).
SCOPES = ("api", "page", "bot")


def _keys(person: CustomUser) -> "QuerySet[IdempotencyKey]":
    return IdempotencyKey.objects.filter(scope__in=[f"{door}:{person.pk}" for door in SCOPES])


def _submissions(person: CustomUser) -> "QuerySet[Submission]":
    return submissions().filter(Q(character__owner=person) | Q(author=person))


def _submissions_left(person: CustomUser) -> "QuerySet[Submission]":
    """A storyteller's request for another player stays with that player."""
    return Submission.objects.filter(character__owner=person)


def _pledges(person: CustomUser) -> "QuerySet[Pledge]":
    return Pledge.objects.filter(user=person).prefetch_related("tiers")


def _memberships(person: CustomUser) -> "QuerySet[ServerMember]":
    return ServerMember.objects.filter(user=person).select_related("server").prefetch_related("roles")


def _characters_left(person: CustomUser) -> "QuerySet[Character]":
    """What others played with stays as a name without a sheet."""
    return Character.objects.filter(owner=person).exclude(sheet={}, avatar="", deleted_at__isnull=False)


PERSONAL = (
    Personal(
        TokenFamily,
        "what keeps apps signed in",
        of(TokenFamily),
        delete(of(TokenFamily)),
        {"app_sign_ins": columns("expires_at")},
    ),
    Personal(
        Session,
        "what keeps browsers signed in",
        lambda person: Session.objects.none(),
        erasing.sessions,
        hidden="It says nothing but that you are signed in.",
    ),
    Personal(
        IdempotencyKey,
        "answers for requests that are sent twice",
        _keys,
        delete(_keys),
        hidden="Copies of what stands in the other files, for some days.",
    ),
    Personal(
        Notification,
        "direct messages from the bot",
        of(Notification),
        delete(scrubbing.notifications_with),
        {"notifications": columns("body", "created_at", "taken_at")},
        left=scrubbing.notifications_with,
    ),
    Personal(
        Server,
        "servers that are yours",
        of(Server, "owner"),
        erasing.ownership,
        {"servers": columns("id", "name", "description", "edition", "created_at")},
    ),
    Personal(
        ServerMember,
        "the servers you are in, your nickname and roles there",
        _memberships,
        erasing.memberships,
        {"memberships": showing.membership},
    ),
    Personal(
        ServerMember.roles.through,
        "which roles you hold",
        of(ServerMember.roles.through, "servermember__user"),
        stays,
        hidden="Stands in memberships.json; goes with the membership.",
    ),
    Personal(
        ServerChannel,
        "whether you see a private channel",
        erasing.lists_with,
        erasing.channel_lists,
        {"private_channels": showing.channel},
    ),
    Personal(
        Invite,
        "invitations you made",
        of(Invite, "made_by", "server"),
        delete(of(Invite, "made_by")),
        {
            "invitations": columns(
                "server__name", "created_at", "uses", "max_uses", "expires_at", "revoked_at"
            )
        },
    ),
    Personal(
        Attendance,
        "sessions you came to, or said you would",
        of(Attendance, "user", "episode__chronicle"),
        delete(of(Attendance)),
        {
            "sessions": columns(
                *("episode__chronicle__name", "episode__number", "episode__title", "episode__planned_for"),
                *("coming", "maybe", "state", "experience"),
            )
        },
    ),
    Personal(
        Producer,
        "the shows you help to produce",
        of(Producer, "user", "campaign__chronicle__server"),
        delete(of(Producer)),
        {
            "shows_you_produce": columns(
                "campaign__chronicle__name", "campaign__chronicle__server__name", "since"
            )
        },
    ),
    Personal(
        EpisodeSettings,
        "which reminders of episodes you want, and whether your calendar has an address",
        of(EpisodeSettings, "user", "chronicle"),
        delete(of(EpisodeSettings)),
        {"episode_settings": columns("chronicle__name", "remind_day", "remind_hour", "has_calendar")},
    ),
    Personal(
        EpisodeReminder,
        "reminders of episodes that you got",
        of(EpisodeReminder, "user", "episode__chronicle"),
        delete(of(EpisodeReminder)),
        {"episode_reminders": columns("episode__chronicle__name", "episode__number", "before", "at")},
    ),
    Personal(
        VoiceSeat,
        "the voice channel you are in",
        of(VoiceSeat, "user", "channel__server"),
        delete(of(VoiceSeat)),
        {"voice": columns("channel__server__name", "channel__name", "joined_at")},
    ),
    Personal(
        DefaultCharacter,
        "the characters your commands mean",
        of(DefaultCharacter, "member__user", "character", "chronicle", "member__server"),
        delete(of(DefaultCharacter, "member__user")),
        {"default_characters": columns("member__server__name", "chronicle__name", "character__name")},
    ),
    Personal(
        Macro,
        "saved rolls of your characters",
        of(Macro, "character__owner", "character"),
        delete(of(Macro, "character__owner")),
        {"macros": showing.macro},
    ),
    Personal(
        Submission,
        "your requests to storytellers, with what was said about them",
        _submissions,
        delete(_submissions_left),
        {"requests": showing.submission},
        left=_submissions_left,
    ),
    Personal(
        Comment,
        "what you said about requests",
        of(Comment, "author"),
        stays,
        {"comments": columns("submission_id", "text", "created_at")},
    ),
    Personal(
        Note,
        "storytellers’ notes you wrote",
        of(Note, "author", "chronicle__server", "author"),
        stays,
        {"notes": showing.note},
    ),
    Personal(
        Asked,
        "rolls that storytellers asked you for",
        of(Asked, "user", "request__chronicle"),
        stays,
        {
            "asked_rolls": columns(
                "request__chronicle__name", "request__text", "request__deadline", "answered_at"
            )
        },
    ),
    Personal(
        RollRequest,
        "rolls that you asked players for",
        of(RollRequest, "storyteller", "chronicle"),
        stays,
        {
            "roll_requests": columns(
                "chronicle__name", "text", "system", "pool", "options", "deadline", "created_at"
            )
        },
    ),
    Personal(
        Roll,
        "your rolls",
        lambda person: rolls().filter(roller=person),
        erasing.rolls,
        {"rolls": showing.roll},
        left=erasing.unseen_rolls,
    ),
    *progress.PERSONAL,
    *chat.PERSONAL,
    Personal(
        Conflict,
        "conflicts you started",
        of(Conflict, "starter", "chronicle"),
        stays,
        {"conflicts": columns("chronicle__name", "title", "kind", "created_at", "ended_at")},
    ),
    Personal(
        Character,
        "your characters with their sheets, their pictures and the history of both",
        lambda person: characters().filter(owner=person),
        erasing.characters,
        {"characters": showing.character, "history": showing.history},
        left=_characters_left,
    ),
    Personal(
        StoredFile,
        "what you uploaded: of what type and size, and when",
        of(StoredFile),
        erasing.uploads,
        {"uploads": columns("kind", "media_type", "size", "width", "height", "created_at")},
    ),
    Personal(
        Event,
        "what you changed",
        of(Event, "actor"),
        scrubbing.scrub_events,
        hidden="The history of your characters stands in history.json; other changes are others’ history.",
        left=lambda person: Event.objects.filter(actor=person).exclude(actor_name="", interaction_id=""),
    ),
    Personal(
        Stream,
        "your own log",
        lambda person: Stream.objects.filter(pk=person.pk),
        scrubbing.delete_own_stream,
        hidden="A number; what it counts stands in history.json and rolls.json.",
    ),
    Personal(
        Pledge,
        "your support on Patreon: your id there, since when, and what for",
        _pledges,
        delete(_pledges),
        {"pledges": columns("patron_id", "status", "level", "next_charge_at", "created_at")},
    ),
    Personal(
        PledgeChange,
        "what changed about your support",
        of(PledgeChange, "pledge__user"),
        stays,
        {"pledge_changes": columns("event", "before", "after", "created_at")},
    ),
    Personal(
        Pledge.tiers.through,
        "the tiers of your support",
        of(Pledge.tiers.through, "pledge__user", "supportertier"),
        stays,
        {"pledge_tiers": columns("supportertier__name")},
    ),
    Personal(
        LogEntry,
        "what you did in the admin",
        of(LogEntry),
        delete(erasing.admin_log),
        {"admin": columns("action_time", "content_type__model", "object_repr", "action_flag")},
        left=erasing.admin_log,
    ),
    Personal(
        Download,
        "your downloads",
        of(Download),
        delete(of(Download)),
        hidden="It is what you are reading.",
    ),
    Personal(
        CustomUser.groups.through,
        "your groups",
        of(CustomUser.groups.through, "customuser"),
        delete(of(CustomUser.groups.through, "customuser")),
        {"groups": columns("group__name")},
    ),
    Personal(
        CustomUser.user_permissions.through,
        "what an admin allowed you",
        of(CustomUser.user_permissions.through, "customuser"),
        delete(of(CustomUser.user_permissions.through, "customuser")),
        {"permissions": columns("permission__codename")},
    ),
    Personal(
        CustomUser,
        "your account: names, Discord id, profile, preferences, statistics, last sign-in",
        lambda person: CustomUser.objects.filter(pk=person.pk),
        erasing.account,
        {
            "account": columns(
                *("id", "username", "first_name", "last_name", "email", "date_joined", "last_login"),
                *("last_login_ip", "discord_id", "discord_username", "global_name", "picture_url"),
                *("bio", "status_message", "user_settings", "preferences", "language", "per_game_stats"),
                *("timezone", "total_points", "current_streak", "longest_streak", "last_practice_date"),
                *("total_questions_attempted", "role", "is_staff", "is_superuser", "delete_at"),
            )
        },
        left=erasing.unerased,
    ),
)
# By label, with the reason.
NOT_PERSONAL = {
    **chat.NOT_PERSONAL,
    "auth.Permission": "what can be allowed",
    "auth.Group": "a set of permissions",
    "auth.Group_permissions": "a set of permissions",
    "contenttypes.ContentType": "names of models",
    "django_tasks_database.DBTaskResult": "ids of accounts, for as long as finished tasks are kept",
    "background.Heartbeat": "processes",
    "background.PeriodicRun": "times",
    "timeline.FeedPosition": "numbers of events",
    "timeline.PostedMessage": "ids of messages in Discord, by what they show",
    "chronicle.ServerRole": "what a role may do",
    "chronicle.Chronicle": "what a table plays",
    "chronicle.Schedule": "when a table plays",
    "chronicle.Episode": "the sessions of a table",
    "companion.Campaign": "what a table shows in public",
    "companion.Roster": "which characters play",
    "companion.LayoutOverrides": "where badges stand",
    "companion.Overlay": "what a table shows over its video",
    "companion.Appearance": "goes with its character",
    SupporterTier._meta.label: "what can be supported",
    "progress.Season": "a stretch of time in a server",
    "progress.BadgePosition": "up to which event badges were counted",
    "progress.BadgeWalk": "which badges are being counted from the beginning",
    "privacy.DownloadPart": "goes with its download",
    "rod.Installation": "the mark of production",
}
