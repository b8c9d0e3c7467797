from pathlib import Path

import ipywidgets as widgets
import pytest

from mnistlab.widgets.controls import PadControls
from mnistlab.widgets.model_choice import ModelChoice
from mnistlab.widgets.translations import translation_in


def model(name: str, accuracy: float | None = None) -> ModelChoice:
    return ModelChoice(Path(name), name, "digits", accuracy)


@pytest.fixture
def controls() -> PadControls:
    return PadControls(widgets.HTML(), translation_in("en"), model("a"), False)


def labels(controls: PadControls) -> list[str]:
    return [label.split(" ")[0] for label, _ in controls.model.options]


def test_the_chosen_model_stays_chosen_in_a_new_list(controls: PadControls) -> None:
    controls.set_models([model("a"), model("b")])
    controls.model.value = model("b")
    controls.set_models([model("c"), model("a"), model("b")])
    assert controls.model.value == model("b")
    assert labels(controls) == ["b", "c", "a"]


def test_a_model_that_was_tested_since_says_so_without_being_chosen_again(controls: PadControls) -> None:
    changes: list[object] = []
    controls.model.observe(changes.append, "value")
    controls.set_models([model("b"), model("a", 0.5)])
    assert controls.model.label == "a (50.00% on digits's test set)"
    assert controls.model.value.accuracy == 0.5
    assert changes == []


def test_a_list_that_is_the_same_keeps_its_order(controls: PadControls) -> None:
    """Arrow keys go on from the chosen model: it must not move each time."""
    everything = [model("a"), model("b"), model("c")]
    controls.set_models(everything)
    controls.model.value = model("b")
    controls.set_models(everything)
    assert labels(controls) == ["a", "b", "c"]


def test_a_chosen_model_whose_run_was_removed_stays_until_another_is_chosen(controls: PadControls) -> None:
    controls.set_models([model("b")])
    assert labels(controls) == ["a", "b"]
    controls.model.value = model("b")
    controls.set_models([model("b")])
    assert labels(controls) == ["b"]


def test_an_error_goes_away_with_the_next_answer(controls: PadControls) -> None:
    controls.show_error(OSError("no <disk>\nfor it"))
    (error,) = [row for row in controls.rows if "mnistlab-error" in row._dom_classes]
    assert error.value == '<span role="alert">No answer: no &lt;disk&gt;</span>'
    controls.show(None)
    assert error.value == ""
