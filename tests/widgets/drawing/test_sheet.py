import numpy as np
import pytest

from mnistlab.widgets.drawing.recorder import StrokeRecorder
from mnistlab.widgets.drawing.sheet import DIGIT_SHEET, NUMBER_SHEET, Sheet, fitted

STROKES = [[(40.0, 20.0), (40.0, 120.0)], [(500.0, 70.0)]]


def test_what_a_sheet_holds_stays_as_it_is() -> None:
    assert fitted(STROKES, [24, 10], NUMBER_SHEET) == (STROKES, [24, 10])
    outside = [[(0.0, 0.0), (-20.0, 300.0)]]
    assert fitted(outside, [8], DIGIT_SHEET) == (outside, [8])
    assert fitted([], [], DIGIT_SHEET) == ([], [])


def test_what_it_does_not_hold_gets_smaller_and_keeps_its_shape() -> None:
    strokes, widths = fitted(STROKES, [24, 30], DIGIT_SHEET)
    points = np.concatenate([np.array(stroke) for stroke in strokes])
    assert points.min() - max(widths) / 2 >= -0.01
    assert points.max() + max(widths) / 2 <= 280.01
    scale = 280 / (460 + 30)
    assert widths == pytest.approx([24 * scale, 30 * scale])
    np.testing.assert_allclose(np.diff(points, axis=0), scale * np.diff(np.concatenate(STROKES), axis=0), atol=1e-6)
    assert (points.min(axis=0) + points.max(axis=0)) / 2 == pytest.approx([140, 140])


def test_no_pen_gets_thinner_than_the_pads_thinnest() -> None:
    assert fitted(STROKES, [8, 9], DIGIT_SHEET)[1] == [8, 8]


def test_a_recorder_goes_on_with_another_sheet_and_its_text_says_which() -> None:
    recorder = StrokeRecorder(NUMBER_SHEET)
    for stroke in STROKES:
        recorder.start(*stroke[0], 24)
        for point in stroke[1:]:
            recorder.extend(*point)
    text, revision = recorder.as_text(), recorder.revision
    recorder.move_to(DIGIT_SHEET)
    assert recorder.revision != revision
    assert not recorder.open_stroke
    assert max(x for stroke in recorder.strokes for x, _ in stroke) < 280
    drawn = recorder.recording()
    assert drawn
    assert (drawn.sheet, drawn.picture.shape) == (DIGIT_SHEET, (280, 280))
    recorder.restore(text)
    assert (recorder.sheet, recorder.strokes) == (NUMBER_SHEET, STROKES)
    drawn = recorder.recording()
    assert drawn
    assert drawn.picture.shape == (280, 580)


@pytest.mark.parametrize(("sheet", "right"), [(DIGIT_SHEET, 300), (NUMBER_SHEET, 600)])
def test_a_point_is_moved_to_within_a_little_of_the_sheet(sheet: Sheet, right: float) -> None:
    assert sheet.clip(9999, -9999) == (right, -20)
