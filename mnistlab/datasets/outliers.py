"""Images that are no digit: letters, signs, doodles, halves of digits, two digits at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from mnistlab.datasets.digits import Digits
from mnistlab.datasets.download import fetch
from mnistlab.datasets.drawings import HELD_OUT, DrawingSet, load_drawings
from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.datasets.formats.unipen import read_characters, writer_numbers
from mnistlab.datasets.rendering import render_at_random
from mnistlab.datasets.sources import UNIPEN
from mnistlab.datasets.synthetic.doodles import DOODLES, draw_doodles
from mnistlab.datasets.synthetic.fragments import halves, pairs
from mnistlab.strokes import Drawing

CHARACTERS = ("capitals", "small letters", "signs")

UNSEEN = ("arrow", "house", "spiral")
"""Kinds of doodles that nobody trains on: they show what happens with shapes that are new."""

UNSEEN_KIND = "doodles never seen"

KINDS = (*CHARACTERS, "doodles", UNSEEN_KIND, "halves of digits", "two digits")

LOOK_ALIKES = frozenset("oODQlIi1|/\\!()[]{}'`,ZzSsbBgq")
"""Letters and signs that have a digit's shape: 0, 1, 2, 5, 6, 8, 9. They are neither digits nor outliers."""


@dataclass(frozen=True)
class Amounts:
    """How many outliers of each kind there are."""

    characters: int  # of capitals, small letters and signs each, at most
    doodles: int  # of each kind of doodle
    fragments: int  # digits that are halved, and pairs of digits
    seed: int


TRAINING = Amounts(characters=5000, doodles=300, fragments=3500, seed=0)
TEST = Amounts(characters=2000, doodles=60, fragments=700, seed=1)


def load_outliers(for_training: bool) -> Digits:
    """Load outliers, rendered with random pens; they are kept in the user's cache.

    They come as `Digits` whose labels are no digits, but the numbers of their kinds in `KINDS`.

    Parameters
    ----------
    for_training : bool
        Whether by the writers who are trained on, and without the kinds of `UNSEEN`; else by the writers in
        `mnistlab.datasets.drawings.HELD_OUT`, with another seed.

    Raises
    ------
    DataNotFoundError, DataDamagedError
        As `mnistlab.datasets.drawings.load_drawings`.

    References
    ----------
    D. Hendrycks, M. Mazeika, T. Dietterich: Deep anomaly detection with outlier exposure, ICLR 2019.
    """
    return outliers_from(load_drawings("all")[1], for_training)


def outliers_from(sets: Sequence[DrawingSet], for_training: bool = False) -> Digits:
    """Return outliers as `load_outliers` does, made from these sets: letters and signs only if UNIPEN is among them."""
    amounts = TRAINING if for_training else TEST
    key = " ".join([*(drawing_set.key for drawing_set in sets), str(for_training), repr(amounts)])
    outliers = DrawingSet("outliers", key, lambda: [*_draw(sets, for_training, amounts)])
    return outliers.rendered(render_at_random, amounts.seed)


def _draw(sets: Sequence[DrawingSet], for_training: bool, amounts: Amounts) -> Iterator[LabelledDrawing]:
    """Yield the outliers; in place of the label stands the number of the kind."""
    rng = np.random.default_rng(amounts.seed)
    digits = [*chain.from_iterable((each.training if for_training else each.held_out).drawings for each in sets)]
    digits = [digits[i] for i in rng.permutation(len(digits))]
    if any(each.name == "unipen" for each in sets):
        yield from _characters(for_training, amounts.characters, rng)
    drawn: dict[str, list[Drawing]] = {
        "doodles": _doodles(set(DOODLES) - {*UNSEEN}, amounts),
        UNSEEN_KIND: [] if for_training else _doodles(set(UNSEEN), amounts),
        "halves of digits": halves(digits[: amounts.fragments], amounts.seed),
        "two digits": pairs(digits, amounts.fragments, amounts.seed),
    }
    for kind, drawings in drawn.items():
        yield from (LabelledDrawing(drawing, KINDS.index(kind), 0) for drawing in drawings)


def _characters(for_training: bool, most: int, rng: np.random.Generator) -> Iterator[LabelledDrawing]:
    (archive,) = fetch(UNIPEN)
    numbers = writer_numbers(read_characters(archive, "digits"))
    for category in CHARACTERS:
        characters = [c for c in read_characters(archive, category) if c.text not in LOOK_ALIKES]
        for writer in writer_numbers(characters):  # of letters, but not of digits
            numbers.setdefault(writer, len(numbers) + 1)
        labelled = [
            LabelledDrawing(c.drawing, KINDS.index(category), numbers[c.contributor, c.writer]) for c in characters
        ]
        chosen = [each for each in labelled if HELD_OUT["unipen"](each.writer) != for_training]
        yield from (chosen[i] for i in rng.permutation(len(chosen))[:most])


def _doodles(kinds: set[str], amounts: Amounts) -> list[Drawing]:
    return [drawing for kind in sorted(kinds) for drawing in draw_doodles(kind, amounts.doodles, amounts.seed)]
