"""nbval compares the outputs of notebooks without what differs from machine to machine, and only without that."""

import pandas as pd
import pytest
from notebook_masks import CONFIG, RULES, sanitize

from mnistlab.system.files import project_dir


def test_the_rules_are_used(pytestconfig: pytest.Config) -> None:
    assert project_dir() / pytestconfig.getoption("nbval_sanitize_with") == CONFIG
    assert len(RULES) == CONFIG.read_text(encoding="utf-8").count("regex: ")


@pytest.mark.parametrize(
    ("committed", "here"),
    [
        ("test accuracy 92.78%, 95 % interval 92.26% to 93.27%", "test accuracy 8.1%, 95 % interval 7% to 9.99%"),
        ("baseline, accuracy +5.17 percentage points", "baseline, accuracy -0.3 percentage points"),
        ("3 s of training", "2 min of training"),
        ("a drawing: 6.81 ms", "a drawing: 0.9 s"),
        ("done in 50 s", "done in 1 min 3 s"),
        ("10,000 runs: 71 s, all of it", "10,000 runs: 4 h, all of it"),
        ("memory: 1.00 GiB", "memory: 950 MiB"),
        ("fast: 5,203 images/s of 7.0 million operations", "fast: 90.5 images/s of 7.0 million operations"),
        ("matrix product: 316 billion operations a second", "matrix product: 1,020 billion operations a second"),
        ("fast takes 0.25 times as long", "fast takes 1.3 times as long"),
        ("accuracy 0.91 ± 0.02 over 5 seeds", "accuracy 0.9 ± 0.003 over 5 seeds"),
        ("training loss 0.095, validation loss 0.216", "training loss 1.2, validation loss 0.3"),
        ("temperature 0.93: higher", "temperature 1.1: higher"),
        ("in reports/02_train-20261126-201311", "in reports/02_train-20270101-000000-1"),
        ("Run(02_train, mnist, 6 epochs, 91.50% (validation))", "Run(02_train, digits, 12 epochs, 99% (validation))"),
        ("02_train-9d7ff537 is complete", "02_train-01234567 is complete"),
        ("History(6 epochs, kept 5: validation accuracy 91.5%)", "History(1 epoch, kept 1: validation accuracy 9%)"),
        ("Digits(mnist, 60,000 images)", "Digits(digits, 1,437 images)"),
        ("<pandas.io.formats.style.Styler at 0x7f076eb2f690>", "<pandas.io.formats.style.Styler at 0x7ff2b2ce9410>"),
        ('<td id="T_1a2b3_row0_col0">', '<td id="T_fffff_row0_col0">'),
        ("started 2026-11-26 20:13", "started 2027-01-01T00:00:00+00:00"),
    ],
)
def test_values_that_depend_on_the_machine_are_masked(committed: str, here: str) -> None:
    assert sanitize(committed) == sanitize(here)
    assert sanitize(committed) != committed


@pytest.mark.parametrize(
    ("committed", "here"),
    [
        ("one image: (28, 28) uint8", "one image: (28, 29) uint8"),
        ("parameters: 225,034", "parameters: 225,035"),
        ("Total params: 225,034 (879.04 KB)", "Total params: 225,034 (879.05 KB)"),
        ("30 examples, 3 of each digit", "30 examples, 2 of each digit"),
        ("10,000 runs of 60 min", "10,001 runs of 60 min"),
        ("label 7, predicted 7, confidence 99.9 %", "label 7, predicted 1, confidence 99.9 %"),
        ("float32 (10,), sum 1.000", "float32 (10,), sum 0.999"),
        ("seeds: 5", "seeds: 4"),
        ("learning_rate 0.003", "learning_rate 0.001"),
        ("7.8% of all 5s", "7.8% of all 3s"),
        ("<Figure size 800x300 with 1 Axes>", "<Figure size 800x300 with 2 Axes>"),
        ("<Figure size 800x300 with 1 Axes>", "<Figure size 801x300 with 1 Axes>"),
        ("in reports/02_train-20261126-201311", "in reports/03_evaluate-20261126-201311"),
        ("a drawing: 6.81 ms", "a drawing: nan ms"),
        ("mean confidence 92.54%", "mean accuracy 92.54%"),
        ("done in 3 s", "done in 3 s\ndone in 3 s"),
        ("3 seeds", "4 seeds"),
        ("epoch 5 of 8", "epoch 5 of 7"),
    ],
)
def test_words_counts_and_shapes_are_not_masked(committed: str, here: str) -> None:
    assert sanitize(committed) != sanitize(here)


def tables(seconds: float, difference: float, better: bool = True, name: str = "seconds") -> list[str]:
    frame = pd.DataFrame({"runs": [5, 5], name: [seconds, 1.0], "low": [difference, 0.1], "better": [better, True]})
    return [repr(frame), frame.to_html()]


def test_decimals_in_tables_are_masked_and_their_integers_words_and_headings_are_not() -> None:
    committed = [sanitize(table) for table in tables(19.66, -0.25)]
    assert [sanitize(table) for table in tables(1234.5, 0.001)] == committed
    for changed in (tables(19.66, -0.25, better=False), tables(19.66, -0.25, name="minutes")):
        assert all(sanitize(one) != other for one, other in zip(changed, committed, strict=True))
