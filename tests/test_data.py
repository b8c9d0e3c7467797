import gzip
import hashlib
import logging
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from mnistlab import data
from mnistlab.data import Digits, load_dataset, read_idx, sample, split
from mnistlab.errors import DataDamagedError, DataNotFoundError, ParameterError


def idx(array: np.ndarray, magic: int | None = None) -> bytes:
    header = np.array([magic or 0x0800 + array.ndim, *array.shape], ">u4").tobytes()
    return gzip.compress(header + array.astype(np.uint8).tobytes())


IMAGES = np.arange(3 * 28 * 28).reshape(3, 28, 28) % 256
LABELS = np.array([7, 0, 9])
FILES = {name: idx(IMAGES if "images" in name else LABELS) for name in data.SHA256}


@pytest.fixture(autouse=True)
def nothing_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cache, no own folder, and MNIST's four files stand for three digits."""
    monkeypatch.setattr(data.pooch, "os_cache", lambda name: tmp_path / "cache")
    monkeypatch.delenv("MNISTLAB_DATA_DIR", raising=False)
    monkeypatch.delenv("MNISTLAB_OFFLINE", raising=False)
    monkeypatch.setattr(data, "MIRRORS", ())
    monkeypatch.setattr(data, "SHA256", {name: hashlib.sha256(body).hexdigest() for name, body in FILES.items()})


def put(folder: Path, **changed: bytes) -> Path:
    """Write the four files, some of them changed."""
    folder.mkdir(parents=True)
    for name, body in FILES.items():
        (folder / name).write_bytes(changed.get(name.split("-ubyte")[0].replace("-", "_"), body))
    return folder


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[str]:
    """The address of a mirror on this machine."""
    folder = put(tmp_path / "mirror")

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(folder))

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_mnist_is_read_from_the_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "own" / "mnist")
    monkeypatch.setenv("MNISTLAB_DATA_DIR", str(tmp_path / "own"))
    train, test = load_dataset("mnist")
    assert repr(train) == "Digits(mnist, 3 images)"
    np.testing.assert_array_equal(train.images, IMAGES)
    np.testing.assert_array_equal(test.labels, LABELS)


def test_a_damaged_file_in_the_own_folder_is_named_even_for_auto(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "own" / "mnist", t10k_labels_idx1=b"cut off")
    monkeypatch.setenv("MNISTLAB_DATA_DIR", str(tmp_path / "own"))
    with pytest.raises(DataDamagedError, match=r"own/mnist/t10k-labels-idx1-ubyte.gz: expected sha256 .* Delete it"):
        load_dataset("auto")


def test_an_own_folder_that_is_not_there_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNISTLAB_DATA_DIR", str(tmp_path / "typo"))
    with pytest.raises(DataDamagedError, match="typo, which is no folder"):
        load_dataset("auto")


def test_the_second_mirror_serves_when_the_first_fails(
    mirror: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "MIRRORS", (f"{mirror}nothing-here/", mirror))
    train, _ = load_dataset("mnist")
    assert len(train) == 3
    assert sorted(path.name for path in (tmp_path / "cache" / "mnist").iterdir()) == sorted(FILES)


def test_a_damaged_file_in_the_cache_is_fetched_anew(
    mirror: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = put(tmp_path / "cache" / "mnist", train_images_idx3=FILES["train-images-idx3-ubyte.gz"][:50])
    monkeypatch.setattr(data, "MIRRORS", (mirror,))
    load_dataset("mnist")
    assert (cache / "train-images-idx3-ubyte.gz").read_bytes() == FILES["train-images-idx3-ubyte.gz"]


def test_what_a_mirror_sends_is_verified_and_nothing_is_left_behind(
    mirror: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "MIRRORS", (mirror,))
    monkeypatch.setattr(data, "SHA256", dict.fromkeys(FILES, "0" * 64))
    with pytest.raises(DataNotFoundError, match=f"{mirror} failed .*hash"):
        load_dataset("mnist")
    assert list((tmp_path / "cache" / "mnist").iterdir()) == []


def test_offline_no_mirror_is_asked(mirror: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "MIRRORS", (mirror,))
    monkeypatch.setenv("MNISTLAB_OFFLINE", "1")
    with pytest.raises(DataNotFoundError, match=r"is not on this machine; MNISTLAB_OFFLINE is set.*'mnistlab fetch'"):
        load_dataset("mnist")


def test_auto_says_that_it_fell_back(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        train, test = load_dataset("auto")
    assert train.name == test.name == "digits"
    assert "bundled 8x8 digits instead of MNIST" in caplog.text


def test_an_unknown_dataset_is_an_error_that_lists_the_known() -> None:
    with pytest.raises(ParameterError, match="'imagenet': choose one of auto, mnist, digits"):
        load_dataset("imagenet")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (idx(IMAGES)[:-20], "whole gzip file"),
        (b"no gzip at all", "whole gzip file"),
        (idx(IMAGES, magic=0x0801), "begins with 00000803, found 00000801"),
        (gzip.compress(gzip.decompress(idx(IMAGES))[:-1]), r"expected 2,352 bytes for \(3, 28, 28\), found 2,351"),
        (gzip.compress(b"\0\0"), "begins with 00000803, found 0000"),
        (gzip.compress(b""), "found nothing"),
    ],
    ids=["breaks off", "no gzip", "other magic", "a byte short", "header short", "empty"],
)
def test_a_damaged_idx_file_is_named_with_what_is_wrong(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "images.gz"
    path.write_bytes(content)
    with pytest.raises(DataDamagedError, match=rf"images\.gz: .*{complaint}"):
        read_idx(path, 3)


def test_digits_are_checked_and_read_only() -> None:
    with pytest.raises(ValueError, match=r"expected uint8 \(3, 28, 28\), got int64"):
        Digits("x", IMAGES.astype(np.int64), LABELS.astype(np.uint8))
    some = Digits("x", IMAGES.astype(np.uint8), LABELS.astype(np.uint8))
    with pytest.raises(ValueError, match="read-only"):
        some.images[0, 0, 0] = 1


def test_the_fingerprint_depends_on_images_labels_and_order() -> None:
    some = Digits("x", IMAGES.astype(np.uint8), LABELS.astype(np.uint8))
    relabelled = Digits("x", some.images, np.array([7, 0, 8], np.uint8))
    assert len({some.sha256, relabelled.sha256, some.take(np.array([1, 0, 2])).sha256}) == 3
    assert some.take(np.array([0, 1, 2])).sha256 == some.sha256


def test_the_bundled_digits_look_like_mnist(digits: tuple[Digits, Digits]) -> None:
    train, test = digits
    assert (len(train), len(test)) == (1437, 360)
    rows, columns = train.images.any(axis=2).sum(axis=1), train.images.any(axis=1).sum(axis=1)
    assert np.maximum(rows, columns).max() == 20


def test_split_keeps_the_proportions_and_loses_nothing(digits: tuple[Digits, Digits]) -> None:
    whole = digits[0]
    kept, held_out = split(whole, 0.2, seed=1)
    np.testing.assert_array_equal(np.bincount(kept.labels) + np.bincount(held_out.labels), np.bincount(whole.labels))
    assert np.abs(np.bincount(held_out.labels) - 0.2 * np.bincount(whole.labels)).max() < 1
    together = {image.tobytes() for part in (kept, held_out) for image in part.images}
    assert together == {image.tobytes() for image in whole.images}


def test_split_depends_on_the_seed_alone(digits: tuple[Digits, Digits]) -> None:
    first, again, other = (split(digits[0], 0.2, seed=seed)[1].sha256 for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(("size", "expected"), [(100, 100), (0, 1437), (1437, 1437), (5000, 1437)])
def test_sample_takes_at_most_what_there_is(digits: tuple[Digits, Digits], size: int, expected: int) -> None:
    assert len(sample(digits[0], size, seed=0)) == expected


def test_mnist_is_what_its_authors_say(mnist: tuple[Digits, Digits]) -> None:
    train, test = mnist
    assert np.bincount(train.labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert len(test) == 10_000
