"""Files in the two forms of UJI Pen Characters v2, made from any digits."""

import json
from collections import Counter
from collections.abc import Sequence

from mnistlab.datasets.formats.labelled import LabelledDrawing

WRITERS = 3

OTHERS = (("ASCII", "a", "a"), ("Non-ASCII", "ntilde", "ñ"), ("Non-ASCII", "ordm", "º"), ("ASCII", "O", "O"))
"""Characters that are not digits: the comment, the name in it, the character itself."""


def some_digits() -> list[LabelledDrawing]:
    """Each digit twice by each of a few writers, in the order in which they are read; whole numbers."""
    return [
        LabelledDrawing(
            [[(label, 10 * writer), (-session, 7), (4, 4)], [(label, label)] * (1 + label % 2)], label, writer
        )
        for label in range(10)
        for writer in range(1, WRITERS + 1)
        for session in (1, 2)
    ]


def as_json(digits: Sequence[LabelledDrawing]) -> str:
    """As ``ujipenchars2.json`` has them."""
    glyphs: dict[str, list[object]] = {}
    for labelled in digits:
        glyphs.setdefault(str(labelled.label), []).append(labelled.drawing)
    return json.dumps({"rawData": glyphs})


def as_text(digits: Sequence[LabelledDrawing], newline: str = "\n") -> str:
    """As ``ujipenchars2.txt`` has them: writer by writer, among other characters and comments."""
    lines = ["//", "// UJI: 100 units per millimetre", "//"]
    for writer in sorted({labelled.writer for labelled in digits}):
        site = "trn_UJI" if writer % 2 else "tst_UPV"
        for kind, name, character in OTHERS:
            lines += [f"// {kind} char: {name}"]
            lines += [f"WORD {character} {site}_W{writer:02d}-01", "  NUMSTROKES 1", "  POINTS 3 # 1 2 3 4 5 6"]
        count: Counter[int] = Counter()
        for labelled in digits:
            if labelled.writer == writer:
                count[labelled.label] += 1
                lines += [f"// ASCII char: {labelled.label}"]
                lines += [f"WORD {labelled.label} {site}_W{writer:02d}-{count[labelled.label]:02d}"]
                lines += [f"  NUMSTROKES {len(labelled.drawing)}"]
                for stroke in labelled.drawing:
                    lines += [f"  POINTS {len(stroke)} # " + " ".join(f"{x} {y}" for x, y in stroke)]
    return newline.join([*lines, ""])
