"""Each kind of pictures is read, or refused: small samples of what the report measures."""

import pytest

from mnistlab.benchmarks.scenes.kinds import KINDS, Kind, compose_scenes
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.prediction import Predictor


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return Predictor.pretrained()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_two_of_three_pictures_are_read_correctly(kind: Kind, predictor: Predictor) -> None:
    right = 0
    for scene in compose_scenes(kind, EXAMPLES, 3, seed=0):
        try:
            prediction = predictor.predict_picture(scene.picture)
            right += scene.label == (prediction.digit if prediction.is_digit else None)
        except ValueError:
            right += scene.label is None
    assert right >= 2
