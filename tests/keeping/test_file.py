import os
import resource
import stat
from pathlib import Path

import pytest
from filelock import FileLock
from kept_drawings import kept
from processes import Processes, wait_until

from mnistlab.errors import DataDamagedError, WorkbenchError
from mnistlab.keeping import file as file_module
from mnistlab.keeping.file import KeptDrawings, default_path


@pytest.fixture
def drawings(tmp_path: Path) -> KeptDrawings:
    return KeptDrawings(tmp_path / "new folder" / "drawings.jsonl")


def filled(drawings: KeptDrawings, count: int = 3) -> KeptDrawings:
    for number in range(count):
        drawings.add(kept(number))
    return drawings


def ids(*numbers: int) -> list[str]:
    return [kept(number).id for number in numbers]


def ids_in(drawings: KeptDrawings) -> list[str]:
    return [drawing.id for drawing in drawings.read().drawings]


def test_a_file_that_is_not_there_is_empty_and_stays_away(drawings: KeptDrawings) -> None:
    drawings.remove(ids(1))
    contents = drawings.read()
    assert (contents.drawings, contents.damaged) == ([], {})
    assert not drawings.path.parent.exists()


def test_what_is_added_is_read_in_its_order_and_only_the_owner_may(drawings: KeptDrawings) -> None:
    added = [kept(number) for number in range(3)]
    for drawing in added:
        drawings.add(drawing)
    assert drawings.read().drawings == added
    assert drawings.path.read_bytes() == b"".join(drawing.line() for drawing in added)
    assert stat.S_IMODE(drawings.path.stat().st_mode) == 0o600


def test_a_drawing_that_is_kept_again_takes_the_place_of_the_earlier_one(drawings: KeptDrawings) -> None:
    filled(drawings).add(kept(1, label=9))
    assert [(drawing.id, drawing.label) for drawing in drawings.read().drawings] == [
        *zip(ids(0, 1, 2), [7, 9, 7], strict=True)
    ]
    drawings.remove(ids(1))
    assert drawings.path.read_bytes() == kept(0).line() + kept(2).line()


def test_a_torn_last_line_is_told_and_the_next_drawing_is_whole(drawings: KeptDrawings) -> None:
    filled(drawings)
    os.truncate(drawings.path, drawings.path.stat().st_size - 9)
    contents = drawings.read()
    assert [drawing.id for drawing in contents.drawings] == ids(0, 1)
    assert contents.damaged == {3: "it was not written to its end"}
    drawings.add(kept(3))
    assert ids_in(drawings) == ids(0, 1, 3)
    assert [*drawings.read().damaged] == [3]


def test_a_last_line_that_lacks_only_its_end_is_read(drawings: KeptDrawings) -> None:
    filled(drawings)
    os.truncate(drawings.path, drawings.path.stat().st_size - 1)
    assert (ids_in(drawings), drawings.read().damaged) == (ids(0, 1, 2), {})
    drawings.add(kept(3))
    assert ids_in(drawings) == ids(0, 1, 2, 3)


def test_damaged_lines_are_told_and_stay_until_somebody_mends_them(drawings: KeptDrawings) -> None:
    damaged = [b"{}\n", kept(7).line().replace(b'"label":7', b'"label":77'), b"\xff\xfe\n", kept(8).line()[:-5]]
    lines = [damaged[0], kept(0).line(), damaged[1], b"\r\n", kept(1).line(), damaged[2], damaged[3]]
    drawings.path.parent.mkdir()
    drawings.path.write_bytes(b"".join(lines))
    contents = drawings.read()
    assert [drawing.id for drawing in contents.drawings] == ids(0, 1)
    assert [*contents.damaged] == [1, 3, 6, 7]
    assert contents.damaged[3] == "label is 77, not a digit from 0 to 9"
    drawings.remove(ids(0))
    assert drawings.path.read_bytes() == b"".join(line for line in lines if line != kept(0).line())


def test_a_file_that_cannot_be_read_is_named(drawings: KeptDrawings, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(drawings)
    monkeypatch.setattr(file_module, "MAX_FILE", drawings.path.stat().st_size - 1)
    before = drawings.path.read_bytes()
    for use in (drawings.read, lambda: drawings.remove(ids(0))):
        with pytest.raises(WorkbenchError, match=r"drawings.jsonl has .* bytes, more than .*: no file of drawings"):
            use()
    assert drawings.path.read_bytes() == before
    with pytest.raises(WorkbenchError, match="cannot be read: Is a directory"):
        KeptDrawings(drawings.path.parent).read()


def test_removing_keeps_the_mode_and_leaves_nothing_beside_the_file(drawings: KeptDrawings) -> None:
    filled(drawings).path.chmod(0o640)
    drawings.remove([*ids(0, 2), "not in it"])
    assert ids_in(drawings) == ids(1)
    assert stat.S_IMODE(drawings.path.stat().st_mode) == 0o640
    assert {path.name for path in drawings.path.parent.iterdir()} <= {"drawings.jsonl", "drawings.jsonl.lock"}


def test_through_a_link_it_is_the_same_file(drawings: KeptDrawings, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(filled(drawings).path)
    KeptDrawings(tmp_path / "link").remove(ids(0))
    assert ids_in(drawings) == ids(1, 2)
    assert (tmp_path / "link").is_symlink()


def test_a_full_disk_is_an_error_and_costs_only_the_last_drawing(drawings: KeptDrawings) -> None:
    filled(drawings)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (drawings.path.stat().st_size + 20, limits[1]))
    try:
        with pytest.raises(OSError, match="No space left on device") as caught:
            drawings.add(kept(3))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.filename == str(drawings.path)
    drawings.add(kept(4))
    assert ids_in(drawings) == ids(0, 1, 2, 4)


def test_who_keeps_the_lock_is_not_waited_for_without_end(
    drawings: KeptDrawings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_module, "LOCK_TIMEOUT", 0)
    with FileLock(f"{filled(drawings).path}.lock"):
        assert ids_in(drawings) == ids(0, 1, 2), "reading needs no lock"
        for use in (lambda: drawings.add(kept(3)), lambda: drawings.remove(ids(0))):
            with pytest.raises(WorkbenchError, match=r"another process keeps .*drawings.jsonl.lock: end it"):
                use()
    assert ids_in(drawings) == ids(0, 1, 2)


PAD = """
import sys, time
from pathlib import Path
from kept_drawings import kept
from mnistlab.keeping.file import KeptDrawings

folder, first, last = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
added = [kept(number) for number in range(first, last)]
print("ready", flush=True)
while not (folder / "go").exists():
    time.sleep(0.001)
for drawing in added:
    KeptDrawings(folder / "drawings.jsonl").add(drawing)
"""


def test_of_two_pads_at_once_nothing_is_lost_while_others_are_removed(processes: Processes, tmp_path: Path) -> None:
    drawings = filled(KeptDrawings(tmp_path / "drawings.jsonl"), 40)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, Path(__file__).parents[1:3]))}
    pads = [processes.start("-c", PAD, str(tmp_path), *part, env=env) for part in (("40", "140"), ("140", "240"))]
    for pad in pads:
        wait_until(lambda pad=pad: pad.output() == "ready\n", pad)
    (tmp_path / "go").touch()
    for number in range(40):
        drawings.remove(ids(number))
    assert [pad.wait() for pad in pads] == [0, 0], [pad.output() for pad in pads]
    contents = drawings.read()
    assert contents.damaged == {}
    assert sorted(drawing.id for drawing in contents.drawings) == sorted(ids(*range(40, 240)))


def test_the_users_file_is_in_their_own_folder_or_in_that_for_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNISTLAB_DATA_DIR", str(tmp_path))
    assert default_path() == tmp_path / "drawings.jsonl"
    assert KeptDrawings().path == default_path().resolve()
    monkeypatch.delenv("MNISTLAB_DATA_DIR")
    monkeypatch.setattr(file_module.platformdirs, "user_data_path", lambda name, appauthor: tmp_path / name)
    assert default_path() == tmp_path / "mnistlab" / "drawings.jsonl"
    monkeypatch.setenv("MNISTLAB_DATA_DIR", str(tmp_path / "typo"))
    with pytest.raises(DataDamagedError, match="typo, which is not a folder"):
        default_path()
