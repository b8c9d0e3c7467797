"""01_explore_data with other parameters than its own."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pytest
from notebook_cells import run_cells


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.mark.parametrize("samples", [1, 20])
def test_what_is_printed_follows_the_dataset(samples: int, capsys: pytest.CaptureFixture[str]) -> None:
    run_cells("01_explore_data", dataset="digits", samples=samples)
    said = capsys.readouterr().out
    assert f"{10 * samples} examples, {samples} of each digit" in said
    assert "the nearest mean is the right digit for 88.3% of the test images" in said
    assert "7,840 weights are right for 96.9% of the test images" in said
    assert "9 of 360 test images are read by neither, 9 are shown" in said
    assert "always answering with the largest class would be right for 10.2% of them" in said
