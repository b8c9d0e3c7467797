import asyncio
import json
import logging
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import ipywidgets as widgets
import numpy as np
import pytest
from pads import error_text, is_changing, mouse, part, press, send, set_from_page, text, until
from processes import DEADLINE, wait_until

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.keeping.file import KeptDrawings
from mnistlab.keeping.place import KEEP
from mnistlab.pad import DrawingPad
from mnistlab.prediction import PRETRAINED, Predictor
from mnistlab.reading.prediction import Prediction
from mnistlab.strokes import Drawing, rasterize, replay
from mnistlab.system.run_files import MODEL, RUN_JSON, WEIGHTS
from mnistlab.widgets.controls import PadControls
from mnistlab.widgets.drawing.canvas import StrokeCanvas
from mnistlab.widgets.drawing.recorder import StrokeRecorder
from mnistlab.widgets.model_choice import LoadedModel, ModelChoice

SEVEN = EXAMPLES[9].drawing

SEVENTY_FOUR = [*SEVEN, *([(x + 240, y) for x, y in stroke] for stroke in EXAMPLES[5].drawing)]
"""On a sheet for numbers."""


@pytest.fixture
def pad(reports: object) -> DrawingPad:
    """A pad without an event loop: it answers at once."""
    return DrawingPad()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example.label))
def test_every_example_is_recognised(pad: DrawingPad, example: LabelledDrawing) -> None:
    replay(pad, example.drawing)
    assert text(pad, "digit") == str(example.label)
    prediction = pad.predict()
    assert prediction
    assert prediction.digit == example.label
    np.testing.assert_array_equal(rasterize(pad.drawing, pad.pen_widths), rasterize(example.drawing))


def test_the_mouse_draws_what_the_methods_draw(pad: DrawingPad) -> None:
    for stroke in SEVEN:
        mouse(pad, "move", 1, 1)  # no button is pressed
        mouse(pad, "down", *stroke[0])
        for point in stroke[1:]:
            mouse(pad, "move", *point)
        mouse(pad, "up", *stroke[-1])
    assert pad.drawing == [list(stroke) for stroke in SEVEN]
    assert text(pad, "digit") == "7"


def test_an_empty_pad_says_what_to_do_and_shows_no_digit(pad: DrawingPad) -> None:
    assert pad.predict() is None
    assert text(pad, "digit") == ""
    assert text(pad, "invitation") == "Draw a digit, 0 to 9"
    assert error_text(pad) == ""
    assert "drawn (99." in text(pad, "source")


def test_without_live_there_is_no_answer_until_predict(pad: DrawingPad) -> None:
    part(pad, "live").value = False
    replay(pad, SEVEN)
    assert text(pad, "digit") == ""
    part(pad, "predict").click()
    assert text(pad, "digit") == "7"
    part(pad, "clear").click()
    assert text(pad, "digit") == ""


def test_without_live_what_is_shown_never_belongs_to_another_drawing(pad: DrawingPad) -> None:
    part(pad, "live").value = False
    changes: list[Callable[[], object]] = [
        lambda: pad.start_stroke(250, 250),
        lambda: pad.extend_stroke(270, 270),
        pad.undo,
        lambda: replay(pad, SEVEN[:1]),
    ]
    for change in changes:
        pad.clear()
        replay(pad, SEVEN)
        pad.start_stroke(1, 1)
        part(pad, "predict").click()
        assert text(pad, "digit")
        change()
        assert text(pad, "digit") == ""
        assert text(pad, "invitation") == "Not read yet: press Predict"
        assert text(pad, "confidence") == ""


class SlowModel:
    """Says 3 as often as it may; `asked` are the strokes that it was asked about."""

    def __init__(self) -> None:
        self.asked: list[Drawing] = []
        self.may_answer = threading.Semaphore(0)

    def predict(self, _picture: np.ndarray, strokes: Drawing, *_: object) -> Prediction:
        self.asked.append(strokes)
        assert self.may_answer.acquire(timeout=DEADLINE)
        return Prediction(np.eye(10, dtype=np.float32)[3], np.zeros((28, 28), np.uint8))


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> SlowModel:
    model = SlowModel()
    monkeypatch.setattr(Predictor, "predict_rasterized", lambda _self, *told: model.predict(*told))
    return model


def test_without_live_a_late_answer_to_another_drawing_is_not_shown(slow: SlowModel, reports: object) -> None:
    async def draw() -> None:
        pad = DrawingPad()
        part(pad, "live").value = False
        replay(pad, SEVEN)
        part(pad, "predict").click()
        await until(lambda: len(slow.asked) == 1)
        pad.start_stroke(5, 5)
        slow.may_answer.release()
        await asyncio.sleep(0.05)
        assert text(pad, "digit") == ""
        part(pad, "predict").click()
        slow.may_answer.release()
        await until(lambda: text(pad, "digit") == "3")

    asyncio.run(draw())


def test_a_late_answer_to_one_digit_is_not_shown_for_a_number(slow: SlowModel, reports: object) -> None:
    async def draw() -> None:
        pad = DrawingPad()
        replay(pad, SEVEN)
        await until(lambda: len(slow.asked) == 1)
        part(pad, "number").value = True
        shown: list[str] = []
        part(pad, "results").children[0].observe(lambda _change: shown.append(text(pad, "digit")), "value")
        slow.may_answer.release()
        await until(lambda: text(pad, "digit") == "7")
        assert "3" not in shown

    asyncio.run(draw())


def test_with_live_the_answer_to_the_drawing_a_moment_before_is_shown(slow: SlowModel, reports: object) -> None:
    async def draw() -> None:
        pad = DrawingPad()
        pad.start_stroke(*SEVEN[0][0])
        await until(lambda: len(slow.asked) == 1)
        pad.extend_stroke(*SEVEN[0][1])
        slow.may_answer.release()
        await until(lambda: text(pad, "digit") == "3")
        await until(lambda: len(slow.asked) == 2)
        slow.may_answer.release()

    asyncio.run(draw())


def test_two_digits_are_told(pad: DrawingPad) -> None:
    for left in (10, 150):
        replay(pad, [[(left + 0.45 * x, 80 + 0.45 * y) for x, y in stroke] for stroke in SEVEN])
    assert text(pad, "digit") == ""
    assert text(pad, "doubt").startswith("2 digits")


def test_a_finished_drawing_is_told_to_those_who_do_not_see_it_and_a_moving_pen_is_not(pad: DrawingPad) -> None:
    told: list[str] = []
    layer = part(pad, "ink")
    layer.observe(lambda change: told.append(change["new"]), "spoken")
    replay(pad, SEVEN)
    assert [words for words in told if words][-1].startswith("7 9")
    assert len(told) <= 2 * len(SEVEN)
    pad.clear()
    assert told[-1] == ""


def test_digit_keys_keep_the_drawing(reports: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(KEEP, str(tmp_path / "kept.jsonl"))
    pad = DrawingPad()
    replay(pad, SEVEN)
    press(pad, "1")
    press(pad, "2", control=True)
    (kept,) = KeptDrawings(tmp_path / "kept.jsonl").read().drawings
    assert kept.label == 1
    assert kept.answer
    assert kept.answer.digit == 7


def test_an_answer_to_another_drawing_is_not_kept(
    reports: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(KEEP, str(tmp_path / "kept.jsonl"))
    pad = DrawingPad()
    replay(pad, SEVEN)
    part(pad, "live").value = False
    pad.start_stroke(5, 5)
    press(pad, "7")
    (kept,) = KeptDrawings(tmp_path / "kept.jsonl").read().drawings
    assert kept.answer is None


def test_switching_live_on_gives_an_answer(pad: DrawingPad) -> None:
    part(pad, "live").value = False
    replay(pad, SEVEN)
    part(pad, "live").value = True
    assert text(pad, "digit") == "7"


def test_undo_removes_the_last_stroke_and_clear_all(pad: DrawingPad) -> None:
    replay(pad, SEVEN)
    part(pad, "undo").click()
    assert pad.drawing == [list(SEVEN[0])]
    part(pad, "clear").click()
    part(pad, "undo").click()
    assert pad.drawing == []
    assert text(pad, "invitation")


def test_without_live_undo_of_the_only_stroke_takes_the_answer_away(pad: DrawingPad) -> None:
    part(pad, "live").value = False
    replay(pad, SEVEN[:1])
    part(pad, "predict").click()
    assert text(pad, "digit")
    part(pad, "undo").click()
    assert text(pad, "digit") == ""


def test_a_new_pen_width_is_for_the_strokes_that_follow(pad: DrawingPad) -> None:
    pad.start_stroke(10, 10)
    part(pad, "pen").value = 40
    pad.extend_stroke(50, 50)
    pad.end_stroke()
    pad.start_stroke(100, 100)
    assert pad.pen_widths == [24, 40]
    assert (part(pad, "pen").min, part(pad, "pen").max) == (8, 40)


def test_keys_do_what_the_buttons_do_and_tab_leaves_the_canvas(
    pad: DrawingPad, monkeypatch: pytest.MonkeyPatch
) -> None:
    focused: list[object] = []
    monkeypatch.setattr(widgets.DOMWidget, "focus", lambda widget: focused.append(widget))
    part(pad, "live").value = False
    replay(pad, SEVEN)
    press(pad, "Enter")
    assert text(pad, "digit") == "7"
    press(pad, "z", control=True)
    assert len(pad.drawing) == 1
    press(pad, "z")
    assert len(pad.drawing) == 1
    press(pad, "Delete")
    assert pad.drawing == []
    press(pad, "Tab")
    press(pad, "Tab", shift=True)
    assert focused == [part(pad, "model"), part(pad, "undo")]


def test_a_page_has_the_drawing_as_text_and_can_give_it_to_a_new_pad(pad: DrawingPad) -> None:
    replay(pad, SEVEN)
    kept = part(pad, "drawing").value
    part(pad, "undo").click()
    assert part(pad, "drawing").value != kept
    new = DrawingPad()
    set_from_page(part(new, "drawing"), value=kept)
    assert new.drawing == [list(stroke) for stroke in SEVEN]
    assert new.pen_widths == [24, 24]
    assert text(new, "digit") == "7"
    set_from_page(part(new, "drawing"), value="no drawing")
    assert new.drawing == [list(stroke) for stroke in SEVEN]
    assert error_text(new) == ""
    part(new, "clear").click()
    assert json.loads(part(new, "drawing").value) == {"is_number": False, "strokes": [], "widths": []}


def test_a_pad_for_numbers_reads_the_whole_number_and_shows_the_bars_of_the_digit_touched(reports: object) -> None:
    pad = DrawingPad(number=True)
    assert text(pad, "invitation") == "Draw a number, such as 2026"
    replay(pad, SEVENTY_FOUR)
    number = pad.read_number()
    assert number
    assert number.text == "74"
    digits = part(pad, "digits")
    for index, digit in enumerate("74"):
        set_from_page(digits, index=index)
        assert text(pad, "digit") == digit
    set_from_page(digits, index=9)
    assert digits.index == 1
    assert part(pad, "boxes").value.count("left:") == 2
    assert part(pad, "ink").spoken.startswith("74: ")
    part(pad, "clear").click()
    assert pad.read_number() is None
    assert part(pad, "boxes").value == ""


def test_the_switch_keeps_what_is_drawn_and_reads_it_the_other_way(pad: DrawingPad) -> None:
    replay(pad, SEVEN)
    set_from_page(part(pad, "number"), value=True)
    assert pad.drawing == [list(stroke) for stroke in SEVEN]
    replay(pad, SEVENTY_FOUR[2:])
    number = pad.read_number()
    assert number
    assert number.text == "74"
    canvas = part(pad, "canvas")
    assert (canvas.width, canvas.height) == (2 * 580, 2 * 280)
    set_from_page(part(pad, "number"), value=False)
    assert len(pad.drawing) == 4
    assert max(x for stroke in pad.drawing for x, _ in stroke) <= 280
    assert text(pad, "doubt").startswith("2 digits")
    assert (canvas.width, canvas.height) == (2 * 280, 2 * 280)


def test_what_explains_and_keeps_one_digit_is_not_there_for_a_number(
    reports: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "drawings.jsonl"
    monkeypatch.setenv(KEEP, str(file))
    pad = DrawingPad(number=True)
    replay(pad, SEVENTY_FOUR)
    press(pad, "7")
    assert not file.exists()
    shown = {name: part(pad, name).layout.display for name in ("why", "keeping", "number-row")}
    assert shown == {"why": "none", "keeping": "none", "number-row": None}
    part(pad, "number").value = False
    press(pad, "7")
    assert file.exists()
    shown = {name: part(pad, name).layout.display for name in ("why", "keeping", "number-row")}
    assert shown == {"why": None, "keeping": None, "number-row": "none"}


def test_a_page_gives_a_number_to_a_new_pad(pad: DrawingPad) -> None:
    part(pad, "number").value = True
    replay(pad, SEVENTY_FOUR)
    new = DrawingPad()
    set_from_page(part(new, "drawing"), value=part(pad, "drawing").value)
    assert part(new, "number").value
    np.testing.assert_allclose(np.concatenate(new.drawing), np.concatenate(SEVENTY_FOUR), atol=0.01)
    number = new.read_number()
    assert number
    assert number.text == "74"


def test_a_pad_says_which_method_reads_it(pad: DrawingPad) -> None:
    with pytest.raises(ValueError, match="this pad is for one digit"):
        pad.read_number()
    part(pad, "number").value = True
    with pytest.raises(ValueError, match="this pad is for numbers"):
        pad.predict()


def test_a_full_pad_says_so_keeps_its_drawing_and_goes_on_after_undo(
    pad: DrawingPad, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mnistlab.widgets.drawing.recorder.MAX_STROKES", 2)
    replay(pad, SEVEN)
    assert error_text(pad).startswith("The pad is full")
    assert text(pad, "digit") == "7"
    replay(pad, [[(1, 1), (2, 2)]])
    assert error_text(pad).startswith("The pad is full")
    assert pad.drawing == [list(stroke) for stroke in SEVEN]
    part(pad, "undo").click()
    assert error_text(pad) == ""
    replay(pad, [[(1, 1), (2, 2)]])
    assert len(pad.drawing) == 2


def test_two_pads_have_their_own_strokes(pad: DrawingPad) -> None:
    other = DrawingPad(language="ko")
    replay(pad, SEVEN)
    assert other.drawing == []
    assert text(other, "digit") == ""
    assert part(other, "predict").description == "예측하기"
    assert "mnistlab-language-ko" in part(other, "pad")._dom_classes
    assert (repr(pad), repr(other)) == ("DrawingPad(2 strokes)", "DrawingPad(0 strokes)")


class FailingModel:
    """A predictor that raises `error` if there is one, and else predicts a 3."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    def predict_rasterized(self, *_: object) -> Prediction:
        if self.error:
            raise self.error
        return Prediction(np.eye(10, dtype=np.float32)[3], np.zeros((28, 28), np.uint8))


def test_an_error_is_shown_on_the_pad_and_the_next_attempt_works(
    reports: object, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    model = FailingModel()
    monkeypatch.setattr(LoadedModel, "predictor", lambda *_: model)
    pad = DrawingPad()
    model.error = OSError("the disk <is>\nnot there")
    replay(pad, [[(1, 1), (2, 2)]])
    assert error_text(pad) == "No answer: the disk &lt;is&gt;"
    assert caplog.records[-1].levelno == logging.ERROR
    assert caplog.records[-1].exc_info
    assert pad.drawing == [[(1, 1), (2, 2)]]
    model.error = None
    part(pad, "predict").click()
    assert (error_text(pad), text(pad, "digit")) == ("", "3")


def test_a_model_that_cannot_be_loaded_is_an_error_and_another_can_be_chosen(pad: DrawingPad) -> None:
    replay(pad, SEVEN)
    pretrained, gone = part(pad, "model").value, ModelChoice(Path("gone"), "gone", "mnist", None)
    part(pad, "model").options = [("pretrained", pretrained), ("gone", gone)]
    part(pad, "model").value = gone
    assert error_text(pad).startswith("No answer: ")
    assert pad.drawing == [list(stroke) for stroke in SEVEN]
    part(pad, "model").value = pretrained
    assert (error_text(pad), text(pad, "digit")) == ("", "7")


def test_an_error_in_a_callback_is_shown_and_logged(
    pad: DrawingPad, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StrokeCanvas, "dot", lambda *_: 1 / 0)
    mouse(pad, "down", 1, 1)
    assert error_text(pad) == "No answer: division by zero"
    assert caplog.records[-1].exc_info


def test_drawing_does_not_wait_for_the_model(slow: SlowModel, reports: object) -> None:
    async def draw() -> None:
        pad = DrawingPad()
        for example in EXAMPLES:
            replay(pad, example.drawing)
            await asyncio.sleep(0)
        assert len(pad.drawing) == sum(len(example.drawing) for example in EXAMPLES)
        assert text(pad, "digit") == ""
        slow.may_answer.release(2)
        await until(lambda: text(pad, "digit") == "3")

    asyncio.run(draw())


def test_a_pad_answers_and_lists_models_while_a_cell_runs(reports: Path) -> None:
    """JupyterLab then sends clicks through a subshell, which is a thread of the kernel; the event loop is not free."""

    async def run_a_cell() -> None:
        pad = DrawingPad()
        write_run(reports)
        thread = threading.Thread(target=replay, args=[pad, SEVEN])
        thread.start()
        wait_until(lambda: text(pad, "digit") == "7" and len(models(pad)) == 2)
        thread.join()
        assert error_text(pad) == ""

    asyncio.run(run_a_cell())


@pytest.mark.parametrize(
    ("owner", "method", "change"),
    [
        (StrokeRecorder, "start", lambda pad: pad.start_stroke(1, 1)),
        (StrokeRecorder, "extend", lambda pad: pad.extend_stroke(1, 1)),
        (StrokeRecorder, "end", lambda pad: pad.end_stroke()),
        (StrokeRecorder, "undo", lambda pad: pad.undo()),
        (StrokeRecorder, "clear", lambda pad: pad.clear()),
        (StrokeRecorder, "recording", lambda pad: pad.predict()),
        (PadControls, "show", lambda pad: pad.predict()),
        (DrawingPad, "undo", lambda pad: part(pad, "undo").click()),
        (DrawingPad, "start_stroke", lambda pad: replay(pad, [[(1, 1)]])),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nobody_else_changes_a_pad_while_it_changes(
    pad: DrawingPad, monkeypatch: pytest.MonkeyPatch, owner: type, method: str, change: Callable[[DrawingPad], object]
) -> None:
    changing: list[bool] = []
    monkeypatch.setattr(owner, method, lambda *_: changing.append(is_changing()))
    change(pad)
    assert changing[0]


def test_an_answer_that_is_there_is_not_asked_for_again(pad: DrawingPad, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    answer = Predictor.predict_rasterized
    monkeypatch.setattr(Predictor, "predict_rasterized", lambda *told: asked.append(told) or answer(*told))
    replay(pad, SEVEN)
    count = len(asked)
    assert count == sum(map(len, SEVEN)), "once for each point, and not again where a stroke ends"
    assert pad.predict() is pad.predict()
    part(pad, "predict").click()
    assert len(asked) == count
    pad.undo()
    assert len(asked) == count + 1


@pytest.mark.parametrize("since", ["drawn on", "another model"])
def test_an_answer_that_comes_after_a_later_one_is_not_shown(
    since: str, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_run(reports)
    pad = DrawingPad()
    digits = iter([3, 5])

    def answer(self: Predictor, *_: object) -> Prediction:
        digit = next(digits)
        if digit == 3 and since == "drawn on":
            pad.extend_stroke(50, 50)
        elif digit == 3:
            part(pad, "model").index = 1
        return Prediction(np.eye(10, dtype=np.float32)[digit], np.zeros((28, 28), np.uint8))

    part(pad, "live").value = False
    replay(pad, SEVEN[:1])
    pad.start_stroke(1, 1)
    part(pad, "live").value = True
    monkeypatch.setattr(Predictor, "predict_rasterized", answer)
    pad.extend_stroke(40, 40)
    assert text(pad, "digit") == "5"


def test_a_script_that_ends_while_a_pad_works_ends_without_a_word() -> None:
    program = (
        "import asyncio, mnistlab.pad as it\nfrom mnistlab.strokes import replay\n"
        "async def draw():\n    replay(it.DrawingPad(), [[(x, x) for x in range(20, 200)]])\nasyncio.run(draw())"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=DEADLINE)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def write_run(reports: Path, **metrics: float) -> None:
    """Write a complete run with the pretrained model, or change its metrics."""
    folder = reports / "02_train-1a2b3c4d"
    folder.mkdir(parents=True, exist_ok=True)
    for name in (MODEL, WEIGHTS):
        shutil.copy(PRETRAINED / name, folder / name)
    info = {"notebook": "02_train", "state": "complete", "dataset": {"name": "digits"}, "metrics": metrics}
    (folder / RUN_JSON).write_text(json.dumps(info))


def models(pad: DrawingPad) -> list[str]:
    return [label for label, _ in part(pad, "model").options]


@pytest.mark.parametrize(
    "use",
    [
        lambda pad: replay(pad, SEVEN),
        lambda pad: part(pad, "predict").click(),
        lambda pad: press(pad, "Enter"),
        lambda pad: pad.clear(),
        lambda pad: send(pad, "client_ready"),
    ],
    ids=["stroke", "predict", "enter", "clear", "page opened"],
)
def test_a_run_trained_or_tested_after_the_pad_was_made_is_listed_as_it_is_now(
    pad: DrawingPad, reports: Path, use: Callable[[DrawingPad], None]
) -> None:
    write_run(reports)
    use(pad)
    assert models(pad)[1:] == ["02_train-1a2b3c4d (not tested)"]
    write_run(reports, test_accuracy=0.95)
    use(pad)
    assert models(pad)[1:] == ["02_train-1a2b3c4d (95.00% on digits's test set)"]


def test_the_chosen_model_gets_its_test_accuracy_and_is_not_loaded_again(
    reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[Path] = []
    from_run = Predictor.from_run
    monkeypatch.setattr(Predictor, "from_run", lambda folder: loaded.append(folder) or from_run(folder))
    write_run(reports)
    pad = DrawingPad(run="latest")
    replay(pad, SEVEN)
    assert text(pad, "source").endswith("02_train-1a2b3c4d (not tested)")
    write_run(reports, test_accuracy=0.95)
    replay(pad, SEVEN)
    pad.predict()
    assert models(pad)[0] == "02_train-1a2b3c4d (95.00% on digits's test set)"
    assert text(pad, "source").endswith("02_train-1a2b3c4d (95.00% on digits&#x27;s test set)")
    assert loaded == [reports / "02_train-1a2b3c4d"]
