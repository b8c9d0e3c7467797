import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from processes import DEADLINE

from mnistlab.datasets import cache
from mnistlab.datasets.cache import cached_digits, remembered
from mnistlab.datasets.digits import Digits


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setattr(cache.pooch, "os_cache", lambda name: tmp_path / "cache")
    return tmp_path / "cache" / "rendered"


class Counter:
    """Renders random images and counts how often."""

    calls = 0

    def __call__(self, seed: int = 0) -> Digits:
        self.calls += 1
        images = np.random.default_rng(seed).integers(0, 256, (12, 28, 28), np.uint8)
        return Digits("some", images, np.arange(12, dtype=np.uint8) % 10, np.arange(12, dtype=np.int32))


@pytest.fixture
def render() -> Counter:
    return Counter()


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """The module that renders."""
    path = tmp_path / "code.py"
    path.write_text("old")
    return path


def equal(one: Digits, other: Digits) -> bool:
    return one.sha256 == other.sha256 and one.name == other.name


def test_what_has_the_same_key_is_rendered_once(render: Counter, folder: Path, code: Path) -> None:
    first, again = (cached_digits("some", ["a", "0"], render, code) for _ in range(2))
    assert equal(first, again)
    assert equal(again, Counter()())
    assert render.calls == 1
    assert [path.name.split("-")[0] for path in folder.glob("*.npz")] == ["some"]


def test_another_key_or_name_is_another_entry(render: Counter, code: Path) -> None:
    asked = [("some", ["a", "0"]), ("some", ["a", "1"]), ("some", ["b", "0"]), ("some", ["a"]), ("others", ["a", "0"])]
    for _ in range(2):
        for name, key in asked:
            cached_digits(name, key, render, code)
    assert render.calls == len(asked)


@pytest.mark.parametrize("module", ["strokes", "pictures", "preprocessing", "the module that renders"])
def test_images_of_other_code_are_rendered_again_in_their_place(
    render: Counter, folder: Path, code: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    if not module.startswith("the"):
        monkeypatch.setattr(getattr(cache, module), "__file__", str(code))
    for content in ("old", "old", "new", "new"):
        code.write_text(content)
        cache._code_sha256.cache_clear()  # as in a new process
        cached_digits("some", ["a"], render, code)
    assert render.calls == 2
    assert len(list(folder.glob("*.npz"))) == 1


def test_images_of_other_versions_of_the_libraries_are_rendered_again(
    render: Counter, code: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached_digits("some", ["a"], render, code)
    monkeypatch.setattr(cache.PIL, "__version__", "0.1")
    cache._code_sha256.cache_clear()
    cached_digits("some", ["a"], render, code)
    assert render.calls == 2


@pytest.mark.parametrize("damage", ["emptied", "cut off", "a byte changed", "no archive"])
def test_a_damaged_file_is_rendered_again(render: Counter, folder: Path, code: Path, damage: str) -> None:
    digits = cached_digits("some", ["a"], render, code)
    (path,) = folder.glob("*.npz")
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes(
        {
            "emptied": b"",
            "cut off": content[:middle],
            "a byte changed": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
            "no archive": b"something else",
        }[damage]
    )
    assert equal(cached_digits("some", ["a"], render, code), digits)
    assert render.calls == 2
    assert path.read_bytes() == content


def test_200_damaged_files_are_rendered_again(render: Counter, folder: Path, code: Path) -> None:
    digits = cached_digits("some", ["a"], render, code)
    (path,) = folder.glob("*.npz")
    content, rng = path.read_bytes(), np.random.default_rng(0)
    for number in range(200):
        changed = bytearray(content)
        for _ in range(3):  # in the headers of the archive and of the arrays: the arrays have checksums
            place = rng.choice([rng.integers(180), len(content) - 1 - rng.integers(800)])
            changed[place] = rng.integers(256)
        path.write_bytes(changed if number % 4 else content[: rng.integers(len(content))])
        assert equal(cached_digits("some", ["a"], render, code), digits)


@pytest.mark.parametrize("other", [np.zeros((3, 28, 28), np.uint8), np.zeros((12, 28, 28)), np.zeros(10**7, np.uint8)])
def test_images_of_another_shape_are_rendered_again(
    render: Counter, folder: Path, code: Path, other: np.ndarray
) -> None:
    digits = cached_digits("some", ["a"], render, code)
    (path,) = folder.glob("*.npz")
    with np.load(path) as entry:
        np.savez_compressed(path, **{**entry, "images": other})
    assert equal(cached_digits("some", ["a"], render, code), digits)


def test_an_array_that_is_too_large_is_not_read_as_a_whole(
    render: Counter, code: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached_digits("some", ["a"], render, code)
    monkeypatch.setattr(cache, "MAX_ARRAY", 5000)
    cached_digits("some", ["a"], render, code)
    assert render.calls == 2


def test_where_nothing_can_be_written_the_images_are_rendered_every_time(
    render: Counter, folder: Path, code: Path
) -> None:
    folder.parent.parent.mkdir(exist_ok=True)
    folder.parent.write_text("a file in the place of the folder")
    for _ in range(2):
        assert len(cached_digits("some", ["a"], render, code)) == 12
    assert render.calls == 2


def test_a_full_disk_is_no_error(render: Counter, folder: Path, code: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **arrays: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.np, "savez", full)
    assert len(cached_digits("some", ["a"], render, code)) == 12
    assert list(folder.glob("*.npz")) == []


def test_an_error_while_rendering_is_passed_on_and_nothing_is_kept(folder: Path, code: Path) -> None:
    def failing() -> Digits:
        raise OSError("no camera")

    with pytest.raises(OSError, match="no camera"):
        cached_digits("some", ["a"], failing, code)
    assert list(folder.glob("*.npz")) == []


def test_what_was_found_about_a_file_is_remembered_until_the_file_changes(folder: Path, tmp_path: Path) -> None:
    asked: list[str] = []

    def compute(path: Path) -> str:
        if path.read_text() == "bad":
            raise ValueError("bad")
        asked.append(path.read_text())
        return f"found {path.read_text()}"

    file = tmp_path / "file"
    for content in ("good", "good", "other"):
        file.write_text(content)
        assert remembered("some", file, compute) == f"found {content}"
    assert asked == ["good", "other"]
    file.write_text("bad")
    for _ in range(2):
        with pytest.raises(ValueError, match="bad"):
            remembered("some", file, compute)


PROCESS = """
import sys, time
from pathlib import Path
import numpy as np
from mnistlab.datasets import cache
from mnistlab.datasets.digits import Digits

def render():
    with Path(sys.argv[2]).open("a") as log:
        log.write("rendered\\n")
    time.sleep(0.5)
    return Digits("some", np.arange(12 * 784, dtype=np.uint8).reshape(-1, 28, 28), np.zeros(12, np.uint8))

cache.pooch.os_cache = lambda name: sys.argv[1]
print("ready", flush=True)
sys.stdin.readline()
print(int(cache.cached_digits("some", ["a"], render, Path(cache.__file__)).images.sum()))
"""


def test_of_two_processes_one_renders_and_the_other_waits(tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", PROCESS, str(tmp_path), str(tmp_path / "log")]
    pipe = subprocess.PIPE
    with ExitStack() as stack:
        processes = [
            stack.enter_context(subprocess.Popen(arguments, stdin=pipe, stdout=pipe, text=True)) for _ in range(2)
        ]
        for process in processes:
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        answers = {process.communicate(timeout=DEADLINE)[0] for process in processes}
    expected = np.arange(12 * 784, dtype=np.uint8).sum()
    assert answers == {f"{expected}\n"}
    assert (tmp_path / "log").read_text() == "rendered\n"
