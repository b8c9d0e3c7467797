"""The course: which notebook is for which evening."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat

EVENINGS: Mapping[str, int] = {
    "00_start": 1,
    "01_explore_data": 1,
    "02_train": 2,
    "03_evaluate": 3,
    "04_draw": 4,
    "05_inside": 4,
    "06_experiment": 5,
    "07_personalize": 6,
    "08_robustness": 7,
}
"""Evenings by notebook; the others are for afterwards."""


@dataclass(frozen=True)
class Lesson:
    """A notebook of the course, as its first cell describes it."""

    name: str  # its file without the ending
    question: str  # its title
    takes: str  # how long it runs from top to bottom at its defaults, in words

    @property
    def evening(self) -> str:
        """The number of the evening, or when else."""
        return str(EVENINGS.get(self.name, "later"))


@dataclass(frozen=True, repr=False)
class Course:
    """The notebooks in their order. In a notebook it is shown as a table with links."""

    lessons: tuple[Lesson, ...]

    def __repr__(self) -> str:
        return f"Course({len(self.lessons)} notebooks)"

    def _repr_markdown_(self) -> str:
        rows = [
            f"| {one.evening} | [{one.name}]({one.name}.ipynb) | {one.question} | {one.takes} |" for one in self.lessons
        ]
        return "\n".join(["| evening | notebook | question | runs in |", "|---|---|---|---|", *rows])


def course_of(notebooks: Iterable[Path]) -> Course:
    """Return the course that notebooks make.

    Parameters
    ----------
    notebooks : iterable of Path
        The title of each is a question; its first cell says after ``*Takes:*`` how long it takes, first at its
        defaults.
    """
    return Course(tuple(map(_lesson, notebooks)))


def _lesson(path: Path) -> Lesson:
    header = nbformat.read(path, as_version=4).cells[0].source
    (question,) = re.findall(r"^# (.+)$", header, re.MULTILINE)
    (takes,) = re.findall(r"\*Takes:\* ([^.;,]+)", header)
    return Lesson(path.stem, question, takes)
