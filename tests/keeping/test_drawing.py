import json
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from kept_drawings import MODEL, answer, kept

from mnistlab.keeping import checks, drawing
from mnistlab.keeping.drawing import KeptAnswer, KeptDrawing, writer_name
from mnistlab.keeping.limits import MAX_LINE
from mnistlab.reading.prediction import Prediction
from mnistlab.strokes import rasterize

STROKES = [[(90, 80), (190.123, 80.0)], [(130, 140)]]

LINE = json.loads(kept(read_as=answer(1), writer="Min").line())


def test_a_drawing_is_the_same_after_it_was_written_and_read() -> None:
    for one in (kept(read_as=answer(1, is_digit=False), writer="김민수 \x1b\u2028\n"), kept()):
        line = one.line()
        assert KeptDrawing.parse(line) == one
        assert line.count(b"\n") == 1
        assert line.endswith(b"\n")
        assert KeptDrawing.parse(line).line() == line


def test_what_a_later_version_adds_is_kept() -> None:
    one = KeptDrawing.parse(json.dumps({**LINE, "pressure": [1]}).encode())
    assert json.loads(one.line())["pressure"] == [1]


def test_a_drawing_is_kept_now_in_utc_and_rounded() -> None:
    before = datetime.now(UTC)
    one = KeptDrawing.now(STROKES, [24, 8.333], 4, writer=" Min ", canvas_size=300)
    assert before <= one.moment <= datetime.now(UTC)
    assert one.time.endswith("+00:00")
    assert one.strokes == (((90, 80), (190.12, 80)), ((130, 140),))
    assert (one.widths, one.canvas_size, one.label, one.writer, one.answer) == ((24, 8.33), 300, 4, "Min", None)
    np.testing.assert_array_equal(one.picture(), rasterize(one.strokes, [24, 8.33], 300))


def test_the_same_drawing_has_the_same_id_whoever_keeps_it_and_as_whatever() -> None:
    one = KeptDrawing.now(STROKES, [24, 8], 4)
    assert KeptDrawing.now([[(90.0, 80.0), (190.12, 80)], [(130, 140)]], [24.0, 8], 5, writer="Min").id == one.id
    others = [
        KeptDrawing.now(STROKES, [24, 9], 4),
        KeptDrawing.now(STROKES, [24, 8], 4, canvas_size=281),
        KeptDrawing.now(STROKES[::-1], [24, 8], 4),
        KeptDrawing.now([STROKES[0], [(130, 140.01)]], [24, 8], 4),
    ]
    assert len({other.id for other in others} | {one.id}) == 5
    assert len(one.id) == 12
    assert int(one.id, 16) > 0


def test_a_whole_number_is_the_same_number_with_or_without_a_point() -> None:
    line = kept().line()
    assert line.count(b".0") > 3
    assert KeptDrawing.parse(line.replace(b".0", b"")) == kept()


def test_what_is_no_digit_is_read_as_a_question_mark() -> None:
    probabilities = np.full(10, 0.01, np.float32)
    probabilities[3] = 0.91
    prediction = Prediction(probabilities, np.zeros((28, 28), np.uint8), digit_probability=0.2)
    said = KeptAnswer.of(prediction, MODEL)
    assert (said.digit, said.confidence, said.is_digit, str(said)) == (3, 0.91, False, "?")
    told = [kept(label=3, read_as=read_as) for read_as in (said, answer(3), answer(8), None)]
    assert [one.is_misread for one in told] == [True, False, True, False]


def test_a_name_that_was_typed_on_another_system_is_the_same_name() -> None:
    assert writer_name(" \u1100\u1161\n") == "가"


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"label": 10}, "label is 10, not a digit from 0 to 9"),
        ({"label": True}, "label is true, not a whole number"),
        ({"label": "7"}, 'label is "7", not a whole number'),
        ({"writer": "x" * 201}, "writer is 'xxx.*not a name of at most 200 whole characters"),
        ({"writer": None}, "writer is null, not text"),
        ({"time": "2026-03-01T10:00:00"}, "time is '2026-03-01T10:00:00', not a time with its zone"),
        ({"canvas_size": 2001}, "canvas_size is 2001, not 1 to 2000"),
        ({"canvas_size": 0}, "canvas_size is 0, not 1 to 2000"),
        ({"canvas_size": 160}, "a point more than 20 pixels outside the canvas, which goes from 0 to 160"),
        ({"strokes": []}, "each stroke has a width, and at least one point"),
        ({"strokes": [[[90, 80]], []]}, "each stroke has a width, and at least one point"),
        ({"strokes": [[[90, 80]]]}, "each stroke has a width, and at least one point"),
        ({"strokes": [[[90, 80]], [[90]]]}, "each a list of points"),
        ({"strokes": [[[90, 80]], [[90, 80, 70]]]}, "each a list of points"),
        ({"strokes": [[[90, 80]], [[90, -20.01]]]}, "a point more than 20 pixels outside the canvas"),
        ({"strokes": [[[90, 80]], [[90, 300.01]]]}, "a point more than 20 pixels outside the canvas"),
        ({"strokes": [[[90, 80]], [[90, float("nan")]]]}, "strokes is null, not a number"),
        ({"strokes": [[[90, 80]], [[90, float("inf")]]]}, "strokes is null, not a number"),
        ({"strokes": [[[90, 80]], [[90, True]]]}, "not of true or false"),
        ({"strokes": [[[90, 80]], [["90", 80]]]}, 'strokes is "90", not a number'),
        ({"widths": [24]}, "each stroke has a width"),
        ({"widths": [24, 7.9]}, "widths have one that is not 8 to 40 canvas pixels"),
        ({"widths": [24, 40.1]}, "widths have one that is not 8 to 40 canvas pixels"),
        ({"widths": [24, True]}, "not of true or false"),
        ({"answer": {}}, "answer.digit is missing"),
        ({"answer": {**LINE["answer"], "digit": 10}}, "answer.digit is 10, not a digit"),
        ({"answer": {**LINE["answer"], "confidence": 1.01}}, "answer.confidence is 1.01, not a number in 0..1"),
        ({"answer": {**LINE["answer"], "is_digit": 1}}, "answer.is_digit is 1, not true or false"),
        ({"answer": {**LINE["answer"], "model": {"name": "x" * 201}}}, "model.name is "),
        ({"answer": {**LINE["answer"], "model": {"name": "x", "sha256": "A1" * 32}}}, "model.sha256 is 'A1.*64 hex"),
        ({"answer": {**LINE["answer"], "model": {"name": "x", "sha256": "a1" * 33}}}, "model.sha256 is 'a1.*64 hex"),
        ({"id": "0" * 12}, "id is '000000000000', but the strokes have the id [0-9a-f]{12}: one of them was changed"),
        ({"strokes": [[[90, 80]], [[91, 80]]]}, "but the strokes have the id"),
    ],
)
def test_what_is_not_right_in_a_line_is_named(change: dict[str, Any], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        KeptDrawing.parse(json.dumps({**LINE, **change}).encode())


@pytest.mark.parametrize("missing", ["id", "label", "time", "canvas_size", "widths", "strokes"])
def test_what_is_missing_in_a_line_is_named(missing: str) -> None:
    with pytest.raises(ValueError, match=f"^{missing} is missing"):
        KeptDrawing.parse(json.dumps({name: value for name, value in LINE.items() if name != missing}).encode())


def test_a_drawing_that_is_too_large_is_neither_kept_nor_read(monkeypatch: pytest.MonkeyPatch) -> None:
    one = kept()
    line = one.line()
    for limit, most in (("MAX_STROKES", 1), ("MAX_POINTS", 3)):
        with monkeypatch.context() as patch:
            patch.setattr(checks, limit, most)
            with pytest.raises(ValueError, match="strokes are too many"):
                KeptDrawing.parse(line)
    monkeypatch.setattr(drawing, "MAX_LINE", len(line) - 1)
    with pytest.raises(ValueError, match=r"it has .* bytes, more than"):
        KeptDrawing.parse(line)
    with pytest.raises(ValueError, match="it cannot be kept"):
        one.line()


def test_a_full_drawing_has_a_place_in_a_line() -> None:
    stroke = [(279.99 - number / 100, 123.45) for number in range(50)]
    assert len(KeptDrawing.now([stroke] * 1000, [33.33] * 1000, 8, writer="x" * 200).line()) < MAX_LINE


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        (b"", "Expecting value"),
        (b"[]", r"it is \[\], not an object"),
        (b"\xff", "invalid start byte"),
        (b"[" * 1000, "nested too deeply"),
        (b'{"label": 1' + b"0" * 20 + b"}", "a number of 21 digits"),
    ],
)
def test_what_is_no_drawing_at_all_is_an_error_of_the_same_kind(line: bytes, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        KeptDrawing.parse(line)


@pytest.mark.parametrize(
    ("strokes", "wrong"),
    [
        ([[(float("nan"), 1)]], "a point that is not two finite numbers"),
        ([[(1, 2, 3)]], "too many values"),
        ([[(0.1, 0.2), (0.9, 0.9)]], "all coordinates are between 0 and 1"),
        ([[]], "at least one point"),
        ([], "at least one point"),
    ],
)
def test_a_drawing_that_is_none_is_not_kept(strokes: list[Any], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        KeptDrawing.now(strokes, [24] * len(strokes), 4)


def test_a_name_that_no_file_can_hold_is_not_kept() -> None:
    with pytest.raises(ValueError, match=r"writer is '\\ud800'"):
        KeptDrawing.now(STROKES, [24, 8], 4, writer="\ud800")
