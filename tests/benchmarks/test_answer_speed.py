import pytest

from mnistlab.datasets.digits import Digits
from mnistlab.prediction import PRETRAINED, Predictor
from mnistlab.system.run_files import WEIGHTS


@pytest.fixture(autouse=True, scope="module")
def with_tensorflow() -> None:
    """Imported late, as in all tests."""
    global answer_speed, build_model
    from mnistlab.benchmarks import answer_speed
    from mnistlab.model import build_model


def test_predictions_are_timed_with_litert_and_keras(digits: tuple[Digits, Digits]) -> None:
    model = build_model("drawn")
    model.load_weights(PRETRAINED / WEIGHTS)
    speeds = answer_speed.prediction_speed(Predictor.pretrained(), model, digits[1].images[:20], repeats=3)
    assert speeds.index.tolist() == ["LiteRT", "Keras"]
    assert (speeds > 0).all(axis=None)
    assert answer_speed.milliseconds_to_read_a_drawing(repeats=3) > 0
    assert min(answer_speed.milliseconds_to_read_numbers(count=3)) > 0


def test_a_new_process_gives_its_first_answer() -> None:
    assert answer_speed.seconds_to_first_answer() > 0
