import base64
import io
import re
from html.parser import HTMLParser

import numpy as np
from kept_drawings import answer, kept
from PIL import Image

from mnistlab.keeping.gallery import SIDE, gallery


class Items(HTMLParser):
    """The attributes and the text of each item in a list."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.items: list[dict[str, str | None]] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "li":
            self.items.append({"text": "", **dict(attrs)})
        elif tag == "img":
            self.items[-1] |= dict(attrs)
        elif tag == "br":
            self.items[-1]["text"] += "\n"

    def handle_data(self, data: str) -> None:
        if self.items:
            self.items[-1]["text"] += data


def test_each_drawing_is_shown_with_label_answer_writer_and_id() -> None:
    drawings = [kept(1, 4, answer(9), "Min"), kept(2, 4, answer(4, is_digit=False)), kept(3, 4, answer(4)), kept(4, 4)]
    items = Items(gallery(drawings)).items
    assert [item["text"].split("\n")[1:] for item in items] == [
        ["4, read as 9", "Min", drawings[0].id],
        ["4, read as ?", drawings[1].id],
        ["4, read as 4", drawings[2].id],
        ["4", drawings[3].id],
    ]
    assert [item["data-id"] for item in items] == [drawing.id for drawing in drawings]
    assert [item.get("class") for item in items] == ["mnistlab-misread", "mnistlab-misread", None, None]
    assert [item["alt"] for item in items] == ["4, read as 9", "4, read as ?", "4, read as 4", "4"]


def test_the_caption_is_in_the_readers_language() -> None:
    item = Items(gallery([kept(1, 4, answer(9))], "{label}, {answer}(으)로 읽음")).items[0]
    assert item["alt"] == "4, 9(으)로 읽음"
    assert "4, 9(으)로 읽음" in item["text"]


def test_pictures_are_small_and_dark_on_white() -> None:
    drawing = kept(1)
    address = Items(gallery([drawing])).items[0]["src"]
    content = base64.b64decode(address.removeprefix("data:image/png;base64,"))
    picture = np.asarray(Image.open(io.BytesIO(content)))
    assert picture.shape == (SIDE, SIDE)
    expected = 255 - drawing.picture().reshape(SIDE, 4, SIDE, 4).mean(axis=(1, 3))
    np.testing.assert_allclose(picture, expected, atol=1)
    assert (picture[0, 0], picture[20, 35]) == (255, 0)


def test_a_name_is_text_and_nothing_else() -> None:
    html = gallery([kept(1, writer='<script>alert("x")</script>&\u202e')])
    parsed = Items(html)
    assert parsed.tags == {"ul", "li", "img", "br", "code"}
    assert '<script>alert("x")</script>&\\u202e' in parsed.items[0]["text"]
    assert not re.search("[\u202e]", html)


def test_a_gallery_may_be_empty() -> None:
    assert Items(gallery([])).items == []
