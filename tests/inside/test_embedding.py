from pathlib import Path

import numpy as np
import pytest

from mnistlab.inside import embedding
from mnistlab.inside.space import agreement

LABELS = np.repeat([0, 1, 2], 15)

POINTS = np.random.default_rng(0).normal(size=(45, 60)).astype(np.float32)
POINTS[np.arange(45), LABELS] += 20


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache of now, which is empty."""
    monkeypatch.setattr("mnistlab.inside.embedding.pooch.os_cache", lambda name: str(tmp_path / name))
    return tmp_path / "mnistlab" / "maps"


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many points each map has that is computed; what takes its place is fast."""
    counts: list[int] = []

    def compute(points: np.ndarray) -> np.ndarray:
        counts.append(len(points))
        return points[:, :2] + 1

    monkeypatch.setattr(embedding, "t_sne", compute)
    return counts


def test_t_sne_keeps_groups_together_and_is_the_same_again() -> None:
    placed = embedding.t_sne(POINTS)
    assert placed.shape == (45, 2)
    assert placed.dtype == np.float32
    assert agreement(placed, LABELS, LABELS, 5).mean() == 1
    np.testing.assert_array_equal(embedding.t_sne(POINTS), placed)


def test_principal_components_are_the_directions_in_which_points_differ_most() -> None:
    points = np.zeros((6, 3))
    points[:, 1] = [-5, -3, -1, 1, 3, 5]
    points[:, 2] = [1, -1, 0, 0, -1, 1]
    found = embedding.principal_components(points, 2)
    np.testing.assert_allclose(np.abs(found), np.abs(points[:, 1:]), atol=1e-6)
    assert embedding.principal_components(points, 50).shape == (6, 3)


def test_a_map_is_computed_once_for_the_same_points(cache: Path, computed: list[int]) -> None:
    first = embedding.kept_t_sne(POINTS)
    np.testing.assert_array_equal(embedding.kept_t_sne(POINTS.copy()), first)
    assert computed == [45]
    embedding.kept_t_sne(POINTS + 1)
    embedding.kept_t_sne(POINTS.reshape(90, 30))
    assert computed == [45, 45, 90]
    assert len([*cache.iterdir()]) == 3


@pytest.mark.parametrize(
    "content", [b"", b"PK\3\4 no archive", b"\x93NUMPY\1\0", b"x" * 500], ids=["empty", "archive", "cut", "text"]
)
def test_a_damaged_map_is_made_anew(cache: Path, computed: list[int], content: bytes) -> None:
    embedding.kept_t_sne(POINTS)
    (file,) = cache.iterdir()
    file.write_bytes(content)
    np.testing.assert_array_equal(embedding.kept_t_sne(POINTS), POINTS[:, :2] + 1)
    np.testing.assert_array_equal(embedding.kept_t_sne(POINTS), POINTS[:, :2] + 1)
    assert computed == [45, 45]


@pytest.mark.parametrize("other", [np.zeros((44, 2), np.float32), np.full((45, 2), np.nan, np.float32), np.zeros(3)])
def test_a_file_that_holds_no_map_of_these_points_is_made_anew(
    cache: Path, computed: list[int], other: np.ndarray
) -> None:
    embedding.kept_t_sne(POINTS)
    (file,) = cache.iterdir()
    np.save(file, other)
    np.testing.assert_array_equal(embedding.kept_t_sne(POINTS), POINTS[:, :2] + 1)


def test_in_batch_it_is_kept_in_the_run_s_folder(
    cache: Path, computed: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "05_inside-abcd1234"
    run.mkdir()
    monkeypatch.setenv("MNISTLAB_RUN_DIR", str(run))
    embedding.kept_t_sne(POINTS)
    assert [path.suffix for path in run.iterdir()] == [".npy"]
    assert not cache.exists()


def test_where_nothing_can_be_written_one_line_says_so(
    cache: Path, computed: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    cache.parent.write_text("a file, no folder")
    for _ in range(2):
        np.testing.assert_array_equal(embedding.kept_t_sne(POINTS), POINTS[:, :2] + 1)
    assert computed == [45, 45]
    first, _ = (record.getMessage() for record in caplog.records)
    assert first.startswith("The map is not kept, and computed again the next time: ")
    assert "\n" not in first


def test_every_mistake_is_on_the_map_and_a_sample_of_the_others() -> None:
    is_wrong = np.zeros(100, bool)
    is_wrong[[3, 50, 97]] = True
    chosen = embedding.with_mistakes(is_wrong, 20, seed=0)
    assert len(chosen) == len({*chosen}) == 20
    assert {3, 50, 97} <= {*chosen}
    assert (np.diff(chosen) > 0).all()
    np.testing.assert_array_equal(embedding.with_mistakes(is_wrong, 20, seed=0), chosen)
    assert embedding.with_mistakes(is_wrong, 20, seed=1).tolist() != chosen.tolist()


@pytest.mark.parametrize(("mistakes", "expected"), [(60, 10), (95, 15), (100, 20)])
def test_at_most_half_are_mistakes_unless_there_are_few_others(mistakes: int, expected: int) -> None:
    is_wrong = np.arange(100) < mistakes
    chosen = embedding.with_mistakes(is_wrong, 20, seed=0)
    assert len(chosen) == 20
    assert is_wrong[chosen].sum() == expected


def test_all_are_on_the_map_if_there_are_not_that_many() -> None:
    assert embedding.with_mistakes(np.zeros(7, bool), 20, seed=0).tolist() == [*range(7)]
