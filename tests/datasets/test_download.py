import gzip
import hashlib
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from uji_files import as_json, as_text, some_digits

from mnistlab import data
from mnistlab.data import load_dataset
from mnistlab.datasets import download, drawings
from mnistlab.datasets.drawings import load_drawings
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.datasets.formats.idx import read_idx
from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.datasets.formats.pendigits import read_compressed
from mnistlab.datasets.formats.uji import digits_sha256, read_uji
from mnistlab.datasets.sources import MNIST, UJI, Source
from mnistlab.errors import DataDamagedError, DataNotFoundError, ParameterError


def idx(array: np.ndarray, magic: int | None = None) -> bytes:
    header = np.array([magic or 0x0800 + array.ndim, *array.shape], ">u4").tobytes()
    return gzip.compress(header + array.astype(np.uint8).tobytes())


IMAGES = np.arange(3 * 28 * 28).reshape(3, 28, 28) % 256
LABELS = np.array([7, 0, 9])
FILES = {name: idx(IMAGES if "images" in name else LABELS) for name in MNIST.sha256}


SMALL = Source("mnist", {name: hashlib.sha256(body).hexdigest() for name, body in FILES.items()}, ())
"""MNIST's four files, but of three digits."""


@pytest.fixture(autouse=True)
def nothing_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cache, no own folder, MNIST with three digits, and no pause before a second try."""
    monkeypatch.setattr("pooch.core.time", SimpleNamespace(sleep=lambda seconds: None))
    monkeypatch.setattr(download.pooch, "os_cache", lambda name: tmp_path / "cache")
    monkeypatch.delenv("MNISTLAB_DATA_DIR", raising=False)
    monkeypatch.delenv("MNISTLAB_OFFLINE", raising=False)
    monkeypatch.setattr(data, "MNIST", SMALL)


def use(monkeypatch: pytest.MonkeyPatch, *mirrors: str) -> None:
    monkeypatch.setattr(data, "MNIST", replace(SMALL, mirrors=mirrors))


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
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
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
    with pytest.raises(DataDamagedError, match="typo, which is not a folder"):
        load_dataset("auto")


def test_the_second_mirror_serves_when_the_first_fails(
    mirror: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, f"{mirror}nothing-here/", mirror)
    train, _ = load_dataset("mnist")
    assert len(train) == 3
    assert sorted(path.name for path in (tmp_path / "cache" / "mnist").iterdir()) == sorted(FILES)


def test_a_damaged_file_in_the_cache_is_fetched_anew(
    mirror: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = put(tmp_path / "cache" / "mnist", train_images_idx3=FILES["train-images-idx3-ubyte.gz"][:50])
    use(monkeypatch, mirror)
    load_dataset("mnist")
    assert (cache / "train-images-idx3-ubyte.gz").read_bytes() == FILES["train-images-idx3-ubyte.gz"]


def test_what_a_mirror_sends_is_verified_and_nothing_is_left_behind(
    mirror: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "MNIST", Source("mnist", dict.fromkeys(FILES, "0" * 64), (mirror,)))
    with pytest.raises(DataNotFoundError, match=f"{mirror} failed .*damaged: expected sha256 0+, found "):
        load_dataset("mnist")
    assert list((tmp_path / "cache" / "mnist").iterdir()) == []


def test_a_mirror_that_cannot_be_reached_is_named_briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "http://127.0.0.1:9/")
    with pytest.raises(
        DataNotFoundError, match=r"is not on this machine; http://127.0.0.1:9/ failed \(no connection\)\."
    ):
        load_dataset("mnist")


DIGITS = some_digits()
TEXT, JSON = "ujipenchars2.txt", "ujipenchars2.json"


@pytest.fixture
def uji(mirror: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """UJI with a few digits, and a mirror that has its text; returns the text's path there."""
    path = tmp_path / "mirror" / TEXT
    path.write_text(as_text(DIGITS, "\r\n"))
    digest = digits_sha256(path)
    other_form = replace(UJI.other_form, sha256={JSON: digest})
    source = replace(UJI, sha256={TEXT: digest}, mirrors=(mirror,), other_form=other_form)
    monkeypatch.setitem(drawings.SOURCES, "uji", (source, read_uji))
    return path


def loaded(name: str) -> tuple[str, list[LabelledDrawing]]:
    """The name of the one set that is loaded, and its drawings."""
    name, (drawings,) = load_drawings(name)
    return name, list(drawings.drawings)


def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str) -> Path:
    """Put a file of UJI into the user's own folder."""
    path = tmp_path / "own" / "uji" / name
    path.parent.mkdir(parents=True)
    path.write_text(content)
    monkeypatch.setenv("MNISTLAB_DATA_DIR", str(tmp_path / "own"))
    return path


@pytest.mark.usefixtures("uji")
@pytest.mark.parametrize("name", ["uji", "auto"])
def test_uji_is_downloaded_as_text_and_kept(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert loaded(name) == ("uji", DIGITS)
    assert [path.name for path in (tmp_path / "cache" / "uji").iterdir()] == [TEXT]
    monkeypatch.setenv("MNISTLAB_OFFLINE", "1")
    assert loaded(name) == ("uji", DIGITS)


@pytest.mark.parametrize(
    "content",
    [as_text(DIGITS[:-1]), as_text(DIGITS)[:-20], "<html>"],
    ids=["a digit is missing", "truncated", "another format"],
)
def test_a_text_with_other_digits_is_refused_and_does_not_stay(uji: Path, tmp_path: Path, content: str) -> None:
    uji.write_text(content)
    with pytest.raises(DataNotFoundError, match=r"damaged: expected digits with the sha256 \w+, found .*Put ujipen"):
        load_drawings("uji")
    assert list((tmp_path / "cache" / "uji").iterdir()) == []


@pytest.mark.usefixtures("uji")
def test_a_damaged_text_in_the_cache_is_downloaded_again(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "uji" / TEXT
    path.parent.mkdir(parents=True)
    path.write_text(as_text(DIGITS)[:1000])
    assert loaded("uji") == ("uji", DIGITS)
    assert path.read_text() == as_text(DIGITS)


@pytest.mark.parametrize(("name", "content"), [(JSON, as_json(DIGITS)), (TEXT, as_text(DIGITS))], ids=[JSON, TEXT])
def test_either_file_in_the_own_folder_is_taken_and_no_mirror_is_asked(
    uji: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str
) -> None:
    own(tmp_path, monkeypatch, name, content)
    uji.unlink()
    assert loaded("uji") == ("uji", DIGITS)
    assert not (tmp_path / "cache").exists()


@pytest.mark.usefixtures("uji")
@pytest.mark.parametrize(
    ("name", "content"), [(JSON, as_json(DIGITS[1:])), (TEXT, as_text(DIGITS[1:]))], ids=[JSON, TEXT]
)
def test_a_damaged_file_of_uji_in_the_own_folder_is_named_even_for_auto(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str
) -> None:
    path = own(tmp_path, monkeypatch, name, content)
    with pytest.raises(DataDamagedError, match=rf"own/uji/{name}: expected digits with the sha256 .* Delete it"):
        load_drawings("auto")
    assert path.read_text() == content


def test_auto_says_that_it_took_the_examples(uji: Path, caplog: pytest.LogCaptureFixture) -> None:
    uji.unlink()
    with caplog.at_level(logging.WARNING):
        assert loaded("auto") == ("examples", EXAMPLES)
    assert "Using the 12 example drawings instead of UJI's: " in caplog.text
    assert "404" in caplog.text


def test_offline_no_mirror_is_asked(mirror: str, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, mirror)
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
        (idx(IMAGES)[:-20], "complete gzip file"),
        (b"no gzip at all", "complete gzip file"),
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


COMPRESSED = bytes.fromhex("1f9d9068d22800")
"""What Unix's compress makes of "hi\\n": a header, then 9 bits a character, lowest first."""


def test_text_from_compress_is_read(tmp_path: Path) -> None:
    path = tmp_path / "strokes.Z"
    path.write_bytes(COMPRESSED)
    assert read_compressed(path) == "hi\n"


def test_what_compress_did_not_make_is_named(tmp_path: Path) -> None:
    path = tmp_path / "strokes.Z"
    path.write_bytes(b"no compress")
    with pytest.raises(DataDamagedError, match=r"strokes\.Z: expected a complete file made by compress, found "):
        read_compressed(path)
