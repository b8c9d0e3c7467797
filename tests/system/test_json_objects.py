import codecs
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from mnistlab.system.json_objects import MOST_LEVELS, JsonObject, parse_json, read_text


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, kw_only=True)
class Part(JsonObject):
    name: str
    size: float | None = None


@dataclass(frozen=True, kw_only=True)
class Whole(JsonObject):
    colour: Colour = Colour.RED
    number: int = 0
    share: float = 0.0
    parts: Mapping[str, Part] = field(default_factory=dict)
    best: Part | None = None
    names: tuple[str, ...] = ()
    value: str | int | float | bool | None = None


GOOD = {
    "colour": "blue",
    "number": 3,
    "share": 1,
    "parts": {"a": {"name": "x", "size": 2.5, "weight": 3}},
    "best": None,
    "names": ["x", "y"],
    "value": True,
    "later": [1],
}


def test_what_is_read_is_written_again_with_what_is_not_known() -> None:
    whole = Whole.read(GOOD)
    assert (whole.colour, whole.parts["a"].size, whole.names) == (Colour.BLUE, 2.5, ("x", "y"))
    assert (whole.extra, whole.parts["a"].extra) == ({"later": [1]}, {"weight": 3})
    assert json.loads(json.dumps(whole.write())) == GOOD


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"colour": "green"}, 'colour is "green", not one of red, blue'),
        ({"colour": ["red"]}, 'colour is ["red"], not one of red, blue'),
        ({"number": 1.5}, "number is 1.5, not a whole number"),
        ({"number": True}, "number is true, not a whole number"),
        ({"share": "1"}, 'share is "1", not a number'),
        ({"parts": []}, "parts is [], not an object"),
        ({"parts": {"a": {}}}, "parts.a.name is missing"),
        ({"parts": {"a": {"name": None}}}, "parts.a.name is null, not text"),
        ({"best": {"name": "x", "size": "big"}}, 'best.size is "big", not a number or null'),
        ({"names": "x"}, 'names is "x", not a list'),
        ({"names": [1]}, "names is 1, not text"),
        ({"value": [1]}, "value is [1], not text or a whole number or a number or true or false or null"),
        ({"value": {"a": "x" * 100}}, 'value is {"a": "xxxxxxxxxxxxxxxxxxxxxx…, not text'),
    ],
)
def test_a_value_of_another_type_is_named(change: dict[str, Any], wrong: str) -> None:
    with pytest.raises(ValueError, match=r"^.* is ") as caught:
        Whole.read({**GOOD, **change})
    assert str(caught.value).startswith(wrong)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('{"a": 1, "a": 2}', "the same key twice"),
        ("[" * 100_000, "nested too deeply"),
        ("[" * (MOST_LEVELS + 1) + "]" * (MOST_LEVELS + 1), "nested too deeply"),
        ("1" * 19, "a number of 19 digits"),
        ("1" * 5000, "a number of 5,000 digits"),
        ("1e999", "a number that is too large"),
        ('["\\ud800"]', "half a Unicode character"),
        ('{"\\udfff": 1}', "half a Unicode character"),
        ("", "Expecting value"),
    ],
)
def test_what_cannot_be_kept_is_an_error(text: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        parse_json(text)


def test_what_json_does_not_have_is_null() -> None:
    assert parse_json('[NaN, Infinity, -Infinity, 1.5, "\\ud83d\\ude00"]') == [None, None, None, 1.5, "😀"]
    assert Part(name="x", size=float("nan"), extra={"y": [float("inf")]}).write() == {
        "name": "x",
        "size": None,
        "y": [None],
    }


def test_a_file_is_read_as_text_with_or_without_a_mark_at_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for content in ("é".encode(), codecs.BOM_UTF8 + "é".encode()):
        path.write_bytes(content)
        assert read_text(path) == "é"
    path.write_bytes(b"\xff")
    with pytest.raises(ValueError, match="invalid start byte"):
        read_text(path)
