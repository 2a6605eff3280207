"""The standard exam of each system: declared as seeds, so that it is the same for everybody.

Its row is written when somebody first begins it, with the questions as they are then; they stay so. To change one, give
it another slug: the new one takes its place, and the old one stays with those who sat it.
"""

from dataclasses import dataclass
from functools import cache
from uuid import UUID, uuid5

from contract.translation import N_
from progress.exams import questions
from progress.models import Paper
from rules.dice.source import seeded
from rules.json import JsonObject

NAMESPACE = UUID("5d6d2f0e-6c1e-5f0a-9d5b-6a3f1f0f6e11")
MINUTES, PASS_MARK = 25, 70
# Level → so many questions of it.
MIX = {1: 6, 2: 8, 3: 6}
COUNT = sum(MIX.values())


@dataclass(frozen=True, slots=True)
class StandardExam:
    slug: str
    system: str
    title: str
    seed: int

    @property
    def id(self) -> UUID:
        return uuid5(NAMESPACE, self.slug)

    def paper(self) -> Paper:
        """The exam as a row that is not saved, without its questions."""
        return Paper(
            id=self.id,
            slug=self.slug,
            title=self.title,
            system=self.system,
            minutes=MINUTES,
            pass_mark=PASS_MARK,
            length=COUNT,
        )

    def questions(self) -> list[JsonObject]:
        source, made = seeded(self.seed), list[JsonObject]()
        for level, count in MIX.items():
            made += questions.generated(self.system, level, count, source, made)
        return made


EXAMS: dict[UUID, StandardExam] = {
    exam.id: exam
    for exam in (
        StandardExam("v5-1", "v5", N_("Vampire 5th edition: the rules"), 501),
        StandardExam("w5-1", "w5", N_("Werewolf 5th edition: the rules"), 502),
        StandardExam("h5-1", "h5", N_("Hunter 5th edition: the rules"), 503),
        StandardExam("wod20-1", "wod20", N_("20th anniversary edition: the rules"), 504),
        StandardExam("cod-1", "cod", N_("Chronicles of Darkness: the rules"), 505),
    )
}


@cache
def questions_of(exam_id: UUID) -> tuple[JsonObject, ...]:
    """Drawing them takes the engine a while; in one process they are the same each time."""
    return tuple(EXAMS[exam_id].questions())


def write_down(exam_id: UUID) -> None:
    """Save a standard exam that nobody has begun yet, if it is none of the saved ones."""
    if not Paper.objects.filter(pk=exam_id).exists():
        paper = EXAMS[exam_id].paper()
        paper.questions = list(questions_of(exam_id))
        # Somebody else may do it at this moment: theirs is the same.
        Paper.objects.bulk_create([paper], ignore_conflicts=True)
