import numpy as np
import pytest

from mnistlab.benchmarks.corrupted.outcomes import READ, RELUCTANT, STOPPED, UNNOTICED, caution, of_models
from mnistlab.benchmarks.corrupted.robustness import KINDS, MEAN, Robustness

COUNT = 100


@pytest.fixture
def measured() -> Robustness:
    """Of 100 digits, the first 60 are read, with fog the first 20; the careful model refuses every second one."""
    is_right = np.tile(np.arange(COUNT) < 60, (len(KINDS), 1))
    is_right[KINDS.index("fog")] = np.arange(COUNT) < 20
    is_refused = np.tile(np.arange(COUNT) % 2 == 0, (len(KINDS), 1))
    is_refused[0] = False
    return Robustness({"careful": is_right, "rash": is_right}, {"careful": is_refused, "rash": None})


def test_what_becomes_of_the_digits_adds_up(measured: Robustness) -> None:
    became = of_models(measured)
    assert [*became] == ["careful", "rash"]
    careful = became["careful"]
    assert [*careful.index] == [*KINDS, MEAN]
    assert careful.loc["clean"].tolist() == [0.6, 0, 0, 0.4]
    assert careful.loc["fog"].tolist() == [0.1, 0.1, 0.4, 0.4]
    assert careful.loc[MEAN, RELUCTANT] == pytest.approx((14 * 0.3 + 0.1) / 15)
    for table in became.values():
        assert [*table] == [READ, RELUCTANT, STOPPED, UNNOTICED]
        np.testing.assert_allclose(table.sum(axis=1), 1)


def test_they_fit_the_table_of_accuracies(measured: Robustness) -> None:
    careful, table = of_models(measured)["careful"], measured.table.loc["careful"]
    np.testing.assert_allclose(careful[READ] + careful[RELUCTANT], table["accuracy"])
    np.testing.assert_allclose(careful[RELUCTANT] + careful[STOPPED], table["refused"])
    np.testing.assert_allclose(careful[UNNOTICED], table["unnoticed"])


def test_a_sentence_says_what_is_refused_and_what_nobody_notices(measured: Robustness) -> None:
    careful, rash = caution(of_models(measured)).splitlines()
    assert careful == (
        "careful: 50.0% refused, 28.7% although the answer was right; 21.3% wrong and unnoticed, most of them with fog "
        "(40.0%)."
    )
    assert rash.startswith("rash: nothing refused; 42.7% wrong and unnoticed")
