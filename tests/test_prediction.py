import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnistlab.datasets.digits import Digits
from mnistlab.datasets.drawings import labels_of
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.errors import RunError
from mnistlab.evaluation.drawn import CONDITIONS, Condition, render
from mnistlab.evaluation.metrics import infer
from mnistlab.logits import softmax
from mnistlab.prediction import PRETRAINED, Predictor
from mnistlab.reading.prediction import Prediction
from mnistlab.strokes import rasterize
from mnistlab.system.run_files import WEIGHTS


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return Predictor.pretrained()


def test_the_digit_in_a_drawing_is_predicted(predictor: Predictor) -> None:
    prediction = predictor.predict_drawing(EXAMPLES[9].drawing)
    assert prediction.digit == 7
    assert prediction.confidence == prediction.probabilities[7] > 0.5
    assert prediction.probabilities.sum() == pytest.approx(1, abs=1e-6)
    assert (prediction.image.shape, prediction.image.dtype) == ((28, 28), np.uint8)
    assert repr(prediction) == f"Prediction(7, {prediction.confidence:.1%})"


def test_a_model_with_an_eleventh_logit_says_whether_there_is_a_digit(tmp_path: Path) -> None:
    from mnistlab.system.backend import keras  # late, as in all tests

    image = keras.Input((28, 28, 1))
    outputs = keras.layers.Dense(11, kernel_initializer="zeros", bias_initializer=_constant)
    keras.Model(image, outputs(keras.layers.Flatten()(image))).export(
        tmp_path / "model.tflite", format="litert", verbose=False
    )
    model = Predictor(tmp_path / "model.tflite")
    prediction = model.predict_drawing(EXAMPLES[0].drawing)
    assert prediction.digit_probability == pytest.approx(0.25)
    assert not prediction.is_digit
    assert repr(prediction) == "Prediction(not a digit; if it is one: 3, 90.9%)"
    images = np.zeros((2, 28, 28), np.uint8)
    assert model.predict_images(images).shape == (2, 10)
    assert model.digit_probabilities(images) == pytest.approx([0.25, 0.25])
    assert prediction.record()["is_digit"] is False


def _constant(shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """Logits: ten of the digits, 5 for the 3, and that of 1 in 4."""
    return np.array([0, 0, 0, 4.5, 0, 0, 0, 0, 0, 0, -np.log(3)], dtype)


def test_without_one_everything_counts_as_a_digit() -> None:
    prediction = Prediction(np.full(10, 0.1, np.float32), np.zeros((28, 28), np.uint8))
    assert prediction.is_digit
    assert prediction.record()["digit_probability"] is None


def test_a_picture_of_the_drawing_gives_the_same_probabilities(predictor: Predictor) -> None:
    drawing = EXAMPLES[3].drawing
    drawn, pictured = predictor.predict_drawing(drawing), predictor.predict_picture(255 - rasterize(drawing))
    np.testing.assert_array_equal(drawn.probabilities, pictured.probabilities)


def test_a_picture_is_given_in_any_form(predictor: Predictor, tmp_path: Path) -> None:
    picture, path = 255 - rasterize(EXAMPLES[3].drawing), tmp_path / "three.png"
    Image.fromarray(picture).save(path)
    expected = predictor.predict_picture(picture)
    for source in (picture / 255, picture[np.newaxis, ..., np.newaxis], path, path.read_bytes(), Image.open(path)):
        np.testing.assert_array_equal(predictor.predict_picture(source).image, expected.image)
        assert predictor.read_number_picture(source).text == str(expected.digit)


def test_a_blank_drawing_is_an_error(predictor: Predictor) -> None:
    with pytest.raises(ValueError, match="blank"):
        predictor.predict_drawing([])


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.name)
def test_every_example_is_recognised_under_every_condition(predictor: Predictor, condition: Condition) -> None:
    answers = predictor.predict_images(render(EXAMPLES, condition)).argmax(axis=1)
    assert answers.tolist() == labels_of(EXAMPLES).tolist()


@pytest.mark.parametrize("count", [0, 1, 3, 250, 251, 600])
def test_a_batch_of_any_size_gives_what_each_image_gives_alone(
    predictor: Predictor, digits: tuple[Digits, Digits], count: int
) -> None:
    images = digits[0].images[:count]
    together = predictor.predict_images(images)
    assert (together.shape, together.dtype) == ((count, 10), np.float32)
    for i in range(0, count, 100):
        np.testing.assert_allclose(together[i], predictor.predict_images(images[i : i + 1])[0], atol=1e-6)


def test_an_array_of_another_type_or_shape_is_an_error(predictor: Predictor) -> None:
    for wrong in (np.zeros((28, 28), np.uint8), np.zeros((2, 28, 28), np.float32)):
        with pytest.raises(ValueError, match=r"expected uint8 \(N, 28, 28\), got "):
            predictor.predict_images(wrong)


def test_threads_do_not_disturb_one_another(predictor: Predictor, digits: tuple[Digits, Digits]) -> None:
    images = digits[0].images[:400]
    expected = predictor.predict_images(images)
    parts = [(start, 1 + start % 7) for start in range(0, 390, 3)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda part: predictor.predict_images(images[part[0] : sum(part)]), parts))
    for (start, count), answer in zip(parts, answers, strict=True):
        np.testing.assert_allclose(answer, expected[start : start + count], atol=1e-6)


def test_litert_and_keras_agree(predictor: Predictor, digits: tuple[Digits, Digits]) -> None:
    from mnistlab.model import build_model  # late, as in all tests

    model = build_model("drawn")
    model.load_weights(PRETRAINED / WEIGHTS)
    images = digits[0].images[:1000]
    logits = infer(model, images)
    np.testing.assert_allclose(predictor.logits(images), logits, atol=1e-3)
    np.testing.assert_allclose(predictor.predict_images(images), softmax(logits[:, :10]), atol=1e-5)


def test_predicting_does_not_import_tensorflow() -> None:
    program = (
        "import sys; from mnistlab.datasets.examples import EXAMPLES; from mnistlab.prediction import Predictor; "
        "print(Predictor.pretrained().predict_drawing(EXAMPLES[0].drawing).digit); "
        "print([n for n in ('tensorflow', 'keras', 'sklearn', 'pandas') if n in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("0\n[]\n", "")


def test_a_folder_without_a_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"no model.tflite in .*: train first"):
        Predictor.from_run(tmp_path)
