"""Certificates: who has the code can verify one; it outlives its sitting, and its name goes with the account."""

from io import BytesIO

import pytest
from PIL import Image

from privacy import erasing
from progress.exams import picture
from progress.models import Certificate, PaperAttempt
from progress.serializers import exams as shown
from progress.services import certificates
from progress.tests.exam_kit import RIGHT, cause, hand_in, own_exam, start
from rules.errors import Invalid, NotFound
from testing.personas import World

pytestmark = pytest.mark.django_db


def passed(world: World) -> Certificate:
    hand_in(world, start(world, own_exam(world, 2).pk), RIGHT, RIGHT)
    return Certificate.objects.get()


def test_a_code_is_long_and_readable() -> None:
    codes = {certificates.new_code() for _number in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 19 and not set(code) & set("ILOU") for code in codes)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{lower}", "{bare}", "{confused}"])
def test_a_code_is_read_however_it_is_typed(world: World, typed: str) -> None:
    code = passed(world).code
    ways = {"lower": code.lower(), "bare": code.replace("-", ""), "confused": code.replace("0", "o")}
    assert certificates.find(typed.format(code, **ways)).code == code


@pytest.mark.parametrize("code", ["", "x", "0000-0000-0000-0000", "🦇" * 90, "../../etc"])
def test_a_code_that_there_is_not(world: World, code: str) -> None:
    with pytest.raises(NotFound):
        certificates.find(code)


def test_a_certificate_says_the_name_and_no_more_of_a_person(world: World) -> None:
    row = passed(world)
    said = shown.certificate(row).model_dump()
    assert said["name"] == "Mira"
    assert set(said) == {
        *("code", "name", "title", "system", "system_label", "standard", "score", "issued_at", "url")
    }
    assert not said["standard"]


@pytest.mark.req("S001-27")
def test_a_certificate_outlives_its_sitting(world: World) -> None:
    row = passed(world)
    PaperAttempt.objects.all().delete()
    assert certificates.find(row.code).score == 100


def test_its_owner_chooses_the_name(world: World) -> None:
    row = passed(world)
    named = certificates.rename(world.principal("mira"), row.code, " Lady  Mira\u202e ", cause(world, "mira"))
    assert certificates.find(row.code).name == named.name == "Lady Mira"
    with pytest.raises(NotFound):
        certificates.rename(world.principal("vesna"), row.code, "Mine", cause(world, "vesna"))
    with pytest.raises(Invalid):
        certificates.rename(world.principal("mira"), row.code, "\u200b", cause(world, "mira"))


def test_with_the_account_the_name_goes(world: World) -> None:
    row = passed(world)
    erasing.certificates(world.mira)
    found = certificates.find(row.code)
    assert (found.user, found.name, found.score) == (None, "", 100)
    assert picture.name_on(shown.certificate(found)) == "A former player"


@pytest.mark.parametrize("name", ["Mira", "<b>&\"'", "M" * 60, "Мира", "未来"])
def test_the_picture_of_a_certificate(world: World, name: str) -> None:
    certificate = shown.certificate(passed(world)).model_copy(update={"name": name})
    drawn = Image.open(BytesIO(picture.png(certificate)))
    assert (drawn.format, drawn.size) == ("PNG", (1600, 1000))
    assert len(drawn.convert("L").getcolors(1 << 16) or ()) > 2
