"""Addresses of exams and certificates."""

from django.urls import path

from main.views import exam_editor, progress_exams

ONE = "progress/exams/<uuid:exam_id>/"
SITTING = "progress/sittings/<uuid:sitting_id>/"
CERTIFICATE = "certificates/<str:code>/"
PATTERNS = (
    path("progress/exams/", progress_exams.exams, name="exams"),
    path(ONE, progress_exams.exam, name="exam"),
    path(f"{ONE}start/", progress_exams.start, name="start-exam"),
    path(SITTING, progress_exams.sitting, name="sitting"),
    path(f"{SITTING}clock/", progress_exams.clock, name="exam-clock"),
    path(f"{SITTING}answer/", progress_exams.answer, name="answer-exam"),
    path(f"{SITTING}hand-in/", progress_exams.hand_in, name="hand-in"),
    path("chronicles/<uuid:chronicle_id>/exams/", exam_editor.chronicle_exams, name="chronicle-exams"),
    path("chronicles/<uuid:chronicle_id>/exams/make/", exam_editor.make, name="make-exam"),
    path(f"{ONE}edit/", exam_editor.edit, name="edit-exam"),
    path(f"{ONE}change/", exam_editor.change, name="change-exam"),
    path(f"{ONE}generate/", exam_editor.generate, name="generate-questions"),
    path(f"{ONE}own/", exam_editor.add_own, name="add-question"),
    path(f"{ONE}question/", exam_editor.change_question, name="change-question"),
    path(f"{ONE}move/", exam_editor.move, name="move-question"),
    path(f"{ONE}remove/", exam_editor.remove, name="remove-question"),
    path(f"{ONE}archive/", exam_editor.archive, name="archive-exam"),
    path(CERTIFICATE, progress_exams.certificate, name="certificate"),
    path(f"{CERTIFICATE}picture/", progress_exams.certificate_picture, name="certificate-picture"),
    path(f"{CERTIFICATE}rename/", progress_exams.rename_certificate, name="rename-certificate"),
)
