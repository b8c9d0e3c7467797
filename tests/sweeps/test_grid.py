import tracemalloc

import pytest

from mnistlab.errors import ParameterError
from mnistlab.execution.parameters import Parameter
from mnistlab.sweeps.grid import MAX_RUNS, draw_settings, grid_settings

KNOWN = {
    "rate": Parameter("rate", float, 0.1, None, (0.0, 1.0)),
    "seed": Parameter("seed", int, 0, None, (0.0, 1e9)),
    "preset": Parameter("preset", str, "fast", ("fast", "baseline"), None),
    "quick": Parameter("quick", bool, False, None, None),
    "free": Parameter("free", int, 0, None, None),
    "ratio": Parameter("ratio", float, 0.0, None, None),
}


def test_every_combination_the_last_one_fastest() -> None:
    assert grid_settings(KNOWN, {"rate": "1e-3, 3e-3", "seed": "0..1"}) == [
        {"rate": 0.001, "seed": 0},
        {"rate": 0.001, "seed": 1},
        {"rate": 0.003, "seed": 0},
        {"rate": 0.003, "seed": 1},
    ]
    assert grid_settings(KNOWN, {"preset": ["fast"], "quick": "true,false"}) == [
        {"preset": "fast", "quick": True},
        {"preset": "fast", "quick": False},
    ]


def test_what_is_named_twice_is_run_once() -> None:
    assert grid_settings(KNOWN, {"seed": "3,3,4"}) == [{"seed": 3}, {"seed": 4}]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"rate": "0.1,2"}, "rate cannot be 2: it takes float, 0 to 1"),
        ({"rate": "0.1..2"}, "rate cannot be 2: it takes float, 0 to 1"),
        ({"seed": "0..x"}, "seed cannot be 'x'"),
        ({"seed": "4..0"}, "seed cannot be 4..0: give the lower end first"),
        ({"preset": "fast,best"}, "preset cannot be best: it takes one of fast, baseline"),
        ({"seed": []}, "seed has no values"),
        ({"rate": "0.1..0.2"}, "rate is a range of real numbers: list values, or draw from it with --sample"),
        ({"seed": "0..99999", "rate": "0.1,0.2"}, "that is 200,000 runs, 100,000 at most"),
        ({"seed": "0..999999999"}, "that is 1,000,000,000 runs, 100,000 at most"),
        ({"free": "0..1" + 30 * "0"}, "free cannot be 0..1000000000000000000000000000000: that is too wide a range"),
        ({"ratio": "nan..1"}, "ratio cannot be nan..1: both ends must be finite"),
        ({"ratio": "0..1e999"}, "ratio cannot be 0..1e999: both ends must be finite"),
        ({}, "a sweep varies at least one parameter"),
    ],
)
def test_what_cannot_be_gone_through_is_said_before_anything_is_made(asked: dict[str, str], said: str) -> None:
    assert MAX_RUNS == 100_000
    with pytest.raises(ParameterError) as caught:
        grid_settings(KNOWN, asked)
    assert str(caught.value).startswith(said)


def test_a_sample_is_drawn_by_its_seed_without_repetition() -> None:
    asked = {"rate": "0.1,0.2,0.3", "seed": "0..9"}
    drawn = draw_settings(KNOWN, asked, 8, seed=1)
    assert drawn == draw_settings(KNOWN, asked, 8, seed=1)
    assert drawn != draw_settings(KNOWN, asked, 8, seed=2)
    assert len({tuple(setting.values()) for setting in drawn}) == 8
    assert all(setting in grid_settings(KNOWN, asked) for setting in drawn)
    assert draw_settings(KNOWN, asked, 99) == grid_settings(KNOWN, asked), "all there are"


def test_a_range_is_drawn_from_every_magnitude_alike() -> None:
    rates = [float(setting["rate"]) for setting in draw_settings(KNOWN, {"rate": "1e-4..1e-2"}, 400)]
    assert min(rates) >= 1e-4
    assert max(rates) <= 1e-2
    assert sum(rate < 1e-3 for rate in rates) == pytest.approx(200, abs=40)
    from_zero = [float(setting["rate"]) for setting in draw_settings(KNOWN, {"rate": "0..1"}, 400)]
    assert sum(rate < 0.5 for rate in from_zero) == pytest.approx(200, abs=40)
    assert draw_settings(KNOWN, {"rate": "0.5..0.5"}, 3) == [{"rate": 0.5}], "no more than there are"


@pytest.mark.parametrize("number", [1_000_000, 10**30])
def test_a_sample_larger_than_a_sweep_may_be_is_refused(number: int) -> None:
    with pytest.raises(ParameterError, match=r"that is 1,000,000.* runs, 100,000 at most: draw fewer"):
        draw_settings(KNOWN, {"rate": "0..1"}, number)


def test_a_sample_of_a_wide_range_lists_none_of_it() -> None:
    tracemalloc.start()
    drawn = draw_settings(KNOWN, {"seed": "0..999999999", "free": "0..4000000000000000000"}, 3)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(drawn) == 3
    assert peak < 10e6
