import base64
import io
import json
import os
import re
from pathlib import Path

import pytest
from commandline import mnistlab
from page_files import drawn_svg
from PIL import Image

from mnistlab.commands import picture_sources
from mnistlab.commands.picture_sources import named_pictures
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.strokes import rasterize


def png() -> bytes:
    content = io.BytesIO()
    Image.fromarray(255 - rasterize(EXAMPLES[9].drawing)).save(content, "PNG")
    return content.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures, one damaged file, and what is not looked at."""
    for name in ("b.PNG", "a.svg", "broken.jpg", ".hidden.png", "notes.txt"):
        (tmp_path / name).write_bytes(png())
    (tmp_path / "a.svg").write_bytes(drawn_svg(EXAMPLES[6].drawing))
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "more.png").mkdir()
    (tmp_path / "more.png" / "c.png").write_bytes(png())
    return tmp_path


def test_of_a_folder_the_pictures_in_it_are_read_by_name(folder: Path) -> None:
    code, output = mnistlab("predict", str(folder))
    first, second, third = output.splitlines()
    assert code == 1
    assert re.fullmatch(rf"{folder}/a.svg: 5 \(\d+\.\d%\)", first)
    assert re.fullmatch(rf"{folder}/b.PNG: 7 \(\d+\.\d%\)", second)
    assert third.startswith(f"Error: {folder}/broken.jpg: cannot be read: ")
    told = [json.loads(line) for line in mnistlab("predict", "--json", str(folder))[1].splitlines()]
    assert [Path(line["file"]).name for line in told] == ["a.svg", "b.PNG", "broken.jpg"]
    assert [line.get("digit") for line in told] == [5, 7, None]


def test_a_folder_without_pictures_is_an_error_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "seven.png").write_bytes(png())
    code, output = mnistlab("predict", str(tmp_path / "empty"), str(tmp_path / "seven.png"))
    first, second = output.splitlines()
    assert (code, first) == (1, f"Error: {tmp_path}/empty: there is no picture in this folder")
    assert second.startswith(f"{tmp_path}/seven.png: 7 ")
    assert mnistlab("predict", str(tmp_path))[0] == 0


def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(ValueError, match="cannot be read: Permission denied"):
        named_pictures(str(tmp_path))


def test_a_picture_is_read_from_standard_input() -> None:
    code, output = mnistlab("predict", "-", stdin=png())
    assert code == 0
    assert re.fullmatch(r"-: 7 \(\d+\.\d%\)\n", output)
    assert json.loads(mnistlab("predict", "--json", "-", stdin=png())[1])["file"] == "-"
    assert mnistlab("predict", "-", stdin=b"") == (
        1,
        "Error: -: not a picture that can be read: give a PNG or JPEG file\n",
    )


def test_standard_input_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_sources, "MAX_MEGABYTES", 0)
    assert mnistlab("predict", "-", stdin=b"12") == (1, "Error: -: too large: a picture may have 0 MB\n")


def test_a_data_url_is_read_and_shown_shortened() -> None:
    url = f"data:image/png;base64,{base64.b64encode(png()).decode()}"
    code, output = mnistlab("predict", url)
    assert code == 0
    assert re.fullmatch(rf"{re.escape(url[:40])}…: 7 \(\d+\.\d%\)\n", output)
    assert json.loads(mnistlab("predict", "--json", url)[1])["file"] == url[:40] + "…"
    code, output = mnistlab("predict", f"{url}*")
    assert code == 1
    assert len(output) < 200


def test_a_name_that_is_too_long_or_acts_on_a_terminal_is_one_line(tmp_path: Path) -> None:
    code, output = mnistlab("predict", 5000 * "a")
    assert (code, output.count("\n")) == (1, 1)
    assert output.endswith("File name too long\n")
    (tmp_path / "\x1b[2Jseven\n.png").write_bytes(png())
    for argument in (str(tmp_path), str(tmp_path / "\x1b[2Jseven\n.png")):
        code, output = mnistlab("predict", argument)
        assert (code, output.count("\n")) == (0, 1)
        assert r"\x1b[2Jseven\n.png: 7 " in output
