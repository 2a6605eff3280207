"""The addresses of the bot API: where each operation stands, with its input and answer. Both processes read this.

Paths are relative to `/bot/`. `<guild>` and its like are fields of the input that stand in the address.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from contract import (
    badges,
    bridges,
    channels,
    characters,
    chronicles,
    companion,
    conflicts,
    desk,
    episodes,
    exams,
    guilds,
    heartbeats,
    identify,
    luck,
    macros,
    members,
    messages,
    people,
    permissions,
    points,
    practice,
    resets,
    roll_requests,
    rolls,
    servers,
    setup,
)
from contract.base import Answer, Empty, Input
from contract.schema import Schema

# A request header: the answer will be read by a whole channel, whose server speaks this language on Discord.
SHARED = "Shared-Language"
InputT = TypeVar("InputT", bound=Input)
AnswerT = TypeVar("AnswerT", bound=Answer, covariant=True)


@dataclass(frozen=True)
class Shape(Generic[InputT, AnswerT]):
    """What an operation takes and answers that the bot API does not offer."""

    input: type[InputT]
    answer: type[AnswerT]


@dataclass(frozen=True)
class Endpoint(Generic[InputT, AnswerT]):
    """One address of the bot API. A GET is a read while somebody types: its input goes into the query."""

    method: str
    path: str
    input: type[InputT]
    answer: type[AnswerT]


ROLL = Endpoint("POST", "rolls", rolls.MakeRoll, rolls.RollAnswer)
CHECK = Endpoint("POST", "rolls/check", rolls.MakeCheck, rolls.RollAnswer)
GET_ODDS = Endpoint("POST", "rolls/odds", rolls.GetOdds, rolls.Odds)
GET_ROLL = Endpoint("POST", "rolls/get", rolls.GetRoll, rolls.RollAnswer)
REROLL = Endpoint("POST", "rolls/reroll", rolls.Reroll, rolls.RollAnswer)
CHOOSE = Endpoint("POST", "rolls/choose", rolls.Choose, rolls.RollAnswer)
REVEAL = Endpoint("POST", "rolls/reveal", rolls.NamedRoll, rolls.RollAnswer)
STRIKE = Endpoint("POST", "rolls/strike", rolls.Strike, rolls.RollAnswer)
GET_LUCK = Endpoint("POST", "luck", luck.GetLuck, luck.Luck)
COMPLETE_POOL = Endpoint("GET", "pool", rolls.CompletePool, rolls.Completions)
LIST_MACROS = Endpoint("GET", "macros", macros.ListMacros, macros.Macros)
SAVE_MACRO = Endpoint("POST", "macros", macros.SaveMacro, macros.OneMacro)
CHANGE_MACRO = Endpoint("PATCH", "macros", macros.ChangeMacro, macros.OneMacro)
DELETE_MACRO = Endpoint("DELETE", "macros", macros.NamedMacro, macros.OneMacro)
RUN_MACRO = Endpoint("POST", "macros/run", macros.RunMacro, rolls.RollAnswer)
COPY_MACRO = Endpoint("POST", "macros/copy", macros.NamedMacro, macros.OneMacro)
ASK_FOR_ROLL = Endpoint("POST", "roll-requests", roll_requests.AskForRoll, roll_requests.OneRequest)
GET_REQUEST = Endpoint("POST", "roll-requests/get", roll_requests.NamedRequest, roll_requests.OneRequest)
ANSWER_REQUEST = Endpoint(
    "POST", "roll-requests/answer", roll_requests.AnswerRequest, roll_requests.RequestAnswered
)
CLOSE_REQUEST = Endpoint("POST", "roll-requests/close", roll_requests.NamedRequest, roll_requests.OneRequest)

SET_BRIDGE = Endpoint("PUT", "bridge", bridges.SetBridge, bridges.Bridge)
GET_BRIDGE = Endpoint("POST", "bridge/get", bridges.BridgeInput, bridges.Bridge)
BRIDGE_RECEIVE = Endpoint("POST", "bridge/receive", bridges.Receive, bridges.Received)
BRIDGE_FORGET = Endpoint("POST", "bridge/forget", bridges.Forget, bridges.Forgotten)
BRIDGE_POSTED = Endpoint("POST", "bridge/posted", bridges.Posted, bridges.PostedNoted)
BRIDGE_TROUBLE = Endpoint("POST", "bridge/trouble", bridges.Trouble, bridges.TroubleNoted)

START_DRILL = Endpoint("POST", "progress/practice", practice.StartDrill, practice.DrillChanged)
GET_DRILL = Endpoint("POST", "progress/practice/get", practice.GetDrill, practice.OneDrill)
ANSWER_DRILL = Endpoint("POST", "progress/practice/answer", practice.AnswerDrill, practice.DrillChanged)
FINISH_DRILL = Endpoint("POST", "progress/practice/finish", practice.NamedDrill, practice.DrillChanged)

START_CONFLICT = Endpoint("POST", "conflicts", conflicts.StartConflict, conflicts.ConflictChanged)
LIST_CONFLICTS = Endpoint("POST", "conflicts/list", conflicts.ListConflicts, conflicts.Conflicts)
GET_CONFLICT = Endpoint("POST", "conflicts/get", conflicts.GetConflict, conflicts.OneConflict)
PASS_TIME = Endpoint("POST", "conflicts/time", conflicts.PassTime, conflicts.TimePassed)
ROLL_INITIATIVE = Endpoint("POST", "conflicts/roll", conflicts.RollInitiative, conflicts.ConflictChanged)
JOIN_CONFLICT = Endpoint("POST", "conflicts/join", conflicts.JoinConflict, conflicts.ConflictChanged)
DECLARE = Endpoint("POST", "conflicts/declare", conflicts.Declare, conflicts.ConflictChanged)
MOVE_CONFLICT = Endpoint("POST", "conflicts/move", conflicts.MoveConflict, conflicts.ConflictChanged)
CHANGE_PARTICIPANT = Endpoint(
    "POST", "conflicts/change", conflicts.ChangeParticipant, conflicts.ConflictChanged
)
LEAVE_CONFLICT = Endpoint("POST", "conflicts/leave", conflicts.LeaveConflict, conflicts.ConflictChanged)
ADD_EFFECT = Endpoint("POST", "conflicts/effect", conflicts.AddEffect, conflicts.ConflictChanged)
LIFT_EFFECT = Endpoint("POST", "conflicts/lift", conflicts.LiftEffect, conflicts.ConflictChanged)

GET_DESK = Endpoint("POST", "desk", desk.GetDesk, desk.Desk)
AWARD = Endpoint("POST", "awards", desk.Award, desk.AwardGiven)
ADD_NOTE = Endpoint("POST", "notes", desk.AddNote, desk.NoteChanged)
LIST_NOTES = Endpoint("POST", "notes/list", desk.ListNotes, desk.Notes)
REMOVE_NOTE = Endpoint("POST", "notes/remove", desk.RemoveNote, desk.NoteChanged)
SUBMIT = Endpoint("POST", "submissions", desk.Submit, desk.SubmissionChanged)
LIST_WAITING = Endpoint("POST", "submissions/waiting", desk.ListWaiting, desk.Submissions)
GET_SUBMISSION = Endpoint("POST", "submissions/get", desk.NamedSubmission, desk.OneSubmission)
COMMENT = Endpoint("POST", "submissions/comment", desk.CommentOn, desk.SubmissionChanged)
APPROVE = Endpoint("POST", "submissions/approve", desk.NamedSubmission, desk.SubmissionChanged)
SEND_BACK = Endpoint("POST", "submissions/return", desk.SendBack, desk.SubmissionChanged)
WITHDRAW = Endpoint("POST", "submissions/withdraw", desk.NamedSubmission, desk.SubmissionChanged)

GET_PROGRESS = Endpoint("POST", "progress", points.GetProgress, points.Progress)
LIST_POINTS = Endpoint("POST", "progress/points", points.ListPoints, points.Points)
LIST_BOARDS = Endpoint("POST", "progress/boards/list", points.ListBoards, points.Boards)
SHOW_BOARD = Endpoint("POST", "progress/boards", points.ShowBoard, points.ShownBoard)
SET_PLAYER_PROFILE = Endpoint("PATCH", "progress/profile", points.SetPlayerProfile, points.PlayerProfile)

LIST_EXAMS = Endpoint("POST", "progress/exams/list", exams.ListExams, exams.Exams)
GET_EXAM = Endpoint("POST", "progress/exams/get", exams.NamedExam, exams.OneExam)
START_EXAM = Endpoint("POST", "progress/exams/start", exams.NamedExam, exams.SittingChanged)
GET_SITTING = Endpoint("POST", "progress/sittings/get", exams.NamedSitting, exams.OneSitting)
ANSWER_QUESTIONS = Endpoint("POST", "progress/sittings/answer", exams.AnswerQuestions, exams.SittingChanged)
HAND_IN = Endpoint("POST", "progress/sittings/hand-in", exams.HandIn, exams.SittingChanged)
LIST_CERTIFICATES = Endpoint("POST", "progress/certificates/list", exams.ListCertificates, exams.Certificates)
GET_BADGES = Endpoint("POST", "progress/badges", badges.GetBadges, badges.Badges)
REPORT_HELP = Endpoint("POST", "progress/helped", badges.ReportHelp, badges.HelpfulAct)
LIST_HONOURS = Endpoint("POST", "progress/honours", badges.ListHonours, badges.Honours)
GET_HONOUR = Endpoint("POST", "progress/honours/get", badges.NamedHonour, badges.Honour)
CONFIRM_HONOUR = Endpoint("POST", "progress/honours/confirm", badges.NamedHonour, badges.Honour)
REFUSE_HONOUR = Endpoint("POST", "progress/honours/refuse", badges.RefuseHonour, badges.Honour)

CLAIM_NOTIFICATION = Endpoint(
    "POST", "notifications/claim", people.ClaimNotification, people.NotificationClaimed
)
LINK_MESSAGE = Endpoint("PUT", "messages", messages.LinkMessage, messages.MessageLinked)
LINK_POSTED = Endpoint("PUT", "messages/posted", messages.LinkMessage, messages.MessageLinked)
UNLINK_MESSAGE = Endpoint("DELETE", "messages", messages.UnlinkMessage, messages.MessageUnlinked)
SET_PREFERENCES = Endpoint("POST", "preferences", people.SetPreferences, people.Preferences)
GET_SUPPORTER = Endpoint("POST", "supporter", people.GetSupporter, people.Supporter)
ASK_DOWNLOAD = Endpoint("POST", "account/download", people.AskDownload, people.Download)
DELETE_ACCOUNT = Endpoint("POST", "account/delete", people.DeleteAccount, people.Account)
KEEP_ACCOUNT = Endpoint("POST", "account/keep", people.KeepAccount, people.Account)

PREVIEW_RESET = Endpoint("POST", "progress/reset/preview", resets.PreviewReset, resets.ResetPreview)
CONFIRM_RESET = Endpoint("POST", "progress/reset", resets.ConfirmReset, resets.ProgressReset)
UNDO_RESET = Endpoint("POST", "progress/reset/undo", resets.UndoReset, resets.ResetUndone)

GET_SCHEMA = Endpoint("GET", "schema", Empty, Schema)

CREATE_CHARACTER = Endpoint("POST", "characters", characters.CreateCharacter, characters.CharacterChanged)
LIST_NAMES = Endpoint("GET", "characters", characters.ListNames, characters.CharacterNames)
CHANGE_CHARACTER = Endpoint("PATCH", "characters", characters.ChangeCharacter, characters.CharacterChanged)
DELETE_CHARACTER = Endpoint("DELETE", "characters", characters.CharacterInput, characters.CharacterChanged)
GET_CHARACTER = Endpoint("POST", "characters/get", characters.CharacterInput, characters.ShownCharacter)
SET_PORTRAIT = Endpoint("PUT", "characters/avatar", characters.SetPortrait, characters.CharacterChanged)
RESTORE_CHARACTER = Endpoint(
    "POST", "characters/restore", characters.CharacterInput, characters.CharacterChanged
)
UNDO_CHANGE = Endpoint("POST", "characters/undo", characters.UndoChange, characters.CharacterChanged)
MOVE_CHARACTER = Endpoint("POST", "characters/move", characters.MoveCharacter, characters.CharacterChanged)
LIST_HISTORY = Endpoint("POST", "characters/history", characters.ListHistory, characters.History)
SET_DEFAULT = Endpoint("POST", "characters/default", characters.SetDefault, characters.DefaultCharacter)
LIST_TRAITS = Endpoint("GET", "characters/traits", characters.ListTraits, characters.TraitNames)
LIST_ENTRIES = Endpoint("GET", "characters/entries", characters.ListEntries, characters.EntryNames)

LIST_CHRONICLES = Endpoint("POST", "chronicles/list", chronicles.ListChronicles, chronicles.ChroniclesHere)
GET_CHRONICLE = Endpoint("POST", "chronicles/get", chronicles.ChronicleInput, chronicles.OneChronicle)
CREATE_CHRONICLE = Endpoint("POST", "chronicles", chronicles.CreateChronicle, chronicles.OneChronicle)
CHANGE_CHRONICLE = Endpoint("PATCH", "chronicles", chronicles.ChangeChronicleBy, chronicles.OneChronicle)
SET_CHRONICLE_ROLE = Endpoint(
    "PUT", "chronicles/people", chronicles.SetChronicleRole, chronicles.OneChronicle
)
HAND_OVER = Endpoint("POST", "chronicles/handover", chronicles.HandOver, chronicles.OneChronicle)
STEP_DOWN = Endpoint("POST", "chronicles/leave", chronicles.ChronicleInput, chronicles.OneChronicle)
BIND_HERE = Endpoint("PUT", "chronicles/bind", chronicles.BindHere, chronicles.OneChronicle)

GET_SCHEDULE = Endpoint("POST", "sessions/schedule/get", episodes.GetSchedule, episodes.OneSchedule)
SET_SCHEDULE = Endpoint("PUT", "sessions/schedule", episodes.SetSchedule, episodes.OneSchedule)
REMOVE_SCHEDULE = Endpoint("DELETE", "sessions/schedule", episodes.RemoveSchedule, episodes.OneSchedule)
LIST_EPISODES = Endpoint("POST", "sessions/list", episodes.ListEpisodes, episodes.Episodes)
GET_EPISODE = Endpoint("POST", "sessions/get", episodes.EpisodeInput, episodes.OneEpisode)
PLAN_EPISODE = Endpoint("POST", "sessions", episodes.PlanEpisode, episodes.EpisodeChanged)
CHANGE_EPISODE = Endpoint("PATCH", "sessions", episodes.ChangeEpisode, episodes.EpisodeChanged)
START_EPISODE = Endpoint("POST", "sessions/start", episodes.EpisodeInput, episodes.EpisodeChanged)
END_EPISODE = Endpoint("POST", "sessions/end", episodes.EndEpisode, episodes.EpisodeChanged)
CANCEL_EPISODE = Endpoint("POST", "sessions/cancel", episodes.EpisodeInput, episodes.EpisodeChanged)
ANSWER_EPISODE = Endpoint("POST", "sessions/answer", episodes.AnswerEpisode, episodes.EpisodeChanged)
DRAFT_RECAP = Endpoint("POST", "sessions/recap/draft", episodes.EpisodeInput, episodes.RecapDraft)
WRITE_RECAP = Endpoint("PUT", "sessions/recap", episodes.WriteRecap, episodes.EpisodeChanged)
GET_EPISODE_SETTINGS = Endpoint(
    "POST", "sessions/settings/get", episodes.GetEpisodeSettings, episodes.EpisodeSettings
)
SET_EPISODE_SETTINGS = Endpoint(
    "PATCH", "sessions/settings", episodes.SetEpisodeSettings, episodes.EpisodeSettings
)
SET_EPISODE_CHANNEL = Endpoint("PUT", "sessions/channel", episodes.SetEpisodeChannel, episodes.EpisodeChannel)
LIST_STREAKS = Endpoint("POST", "sessions/streaks", episodes.ListStreaks, episodes.TableStreaks)
AWARD_SESSION = Endpoint("POST", "sessions/award", episodes.AwardSession, episodes.SessionAwarded)
TICK_ATTENDANCE = Endpoint("POST", "sessions/attendance", episodes.TickAttendance, episodes.EpisodeChanged)

GET_CAMPAIGN = Endpoint("POST", "campaigns/get", companion.GetCampaign, companion.Campaign)
PUBLISH_CAMPAIGN = Endpoint("POST", "campaigns/publish", companion.PublishCampaign, companion.CampaignChanged)
UNPUBLISH_CAMPAIGN = Endpoint(
    "POST", "campaigns/unpublish", companion.UnpublishCampaign, companion.CampaignChanged
)
CHANGE_CAMPAIGN = Endpoint("PATCH", "campaigns", companion.ChangeCampaign, companion.CampaignChanged)
CHANGE_ROSTER = Endpoint("PUT", "campaigns/roster", companion.ChangeRoster, companion.CampaignChanged)
SHOW_TRACKERS = Endpoint("PUT", "campaigns/shown", companion.ShowTrackers, companion.CampaignChanged)
ROTATE_TOKEN = Endpoint("POST", "campaigns/token", companion.RotateToken, companion.TokenGiven)
CLAIM_CAMPAIGN = Endpoint("POST", "campaigns/claim", companion.ClaimCampaign, companion.CampaignChanged)

# The guild in the address must be the one that acts.
SERVER = "servers/<snowflake:guild_id>"
GET_SERVER = Endpoint("POST", f"{SERVER}/info", servers.GetServer, servers.OneServer)
GET_SETUP = Endpoint("POST", f"{SERVER}/setup", servers.GetServer, setup.Setup)
CHANGE_SERVER = Endpoint("PATCH", SERVER, servers.ChangeServer, servers.OneServer)
LIST_SERVERS = Endpoint("POST", "servers/mine", servers.ListServers, servers.Servers)
DELETE_SERVER = Endpoint("POST", f"{SERVER}/delete", servers.DeleteServer, servers.ServerDeleted)
RESTORE_SERVER = Endpoint("POST", f"{SERVER}/restore", servers.GetServer, servers.ServerDeleted)
LIST_CHANNELS = Endpoint("POST", f"{SERVER}/channels/list", servers.GetServer, channels.Channels)
CREATE_CHANNEL = Endpoint("POST", f"{SERVER}/channels", channels.CreateChannel, channels.Channel)
CHANGE_CHANNEL = Endpoint("PATCH", f"{SERVER}/channels", channels.ChangeChannel, channels.Channel)
DELETE_CHANNEL = Endpoint("DELETE", f"{SERVER}/channels", channels.DeleteChannel, channels.ChannelDeleted)
LIST_ROLES = Endpoint("POST", f"{SERVER}/roles/list", servers.GetServer, members.Roles)
CREATE_ROLE = Endpoint("POST", f"{SERVER}/roles", members.CreateRoleOfValues, members.Roles)
CHANGE_ROLE = Endpoint("PATCH", f"{SERVER}/roles", members.ChangeRoleToValues, members.Roles)
DELETE_ROLE = Endpoint("DELETE", f"{SERVER}/roles", members.OneRole, members.Roles)
HOLD_ROLE = Endpoint("PUT", f"{SERVER}/roles/members", members.HoldRole, members.Roles)
EXPLAIN_PERMISSION = Endpoint(
    "POST", f"{SERVER}/why", permissions.ExplainPermission, permissions.PermissionExplained
)

# Of the Discord process's own accord: nobody acts.
HEARTBEAT = Endpoint("POST", "heartbeat", heartbeats.Beat, heartbeats.BeatHeard)
IDENTIFY_TURN = Endpoint("POST", "identify", identify.IdentifyTurn, identify.TurnTaken)
LIST_GUILDS = Endpoint("POST", "servers/list", guilds.ListGuilds, guilds.Guilds)
MIRROR_GUILD = Endpoint("PUT", SERVER, guilds.Guild, guilds.ServerMirrored)
LEAVE_GUILD = Endpoint("DELETE", SERVER, guilds.OneGuild, guilds.ServerLeft)
MIRROR_MEMBERS = Endpoint("PUT", f"{SERVER}/members", guilds.Members, guilds.MembersMirrored)
REMOVE_THREAD = Endpoint(
    "DELETE", f"{SERVER}/threads/<snowflake:thread_id>", guilds.OneThread, guilds.ThreadRemoved
)
REMOVE_MEMBER = Endpoint(
    "DELETE", f"{SERVER}/members/<snowflake:user_id>", guilds.OneMember, guilds.MemberRemoved
)
