from dataclasses import fields

import pytest

from mnistlab.errors import UnknownNameError
from mnistlab.labels import LANGUAGES, Labels, labels_in


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word(language: str) -> None:
    assert all(getattr(labels_in(language), field.name).strip() for field in fields(Labels))


def test_korean() -> None:
    assert (labels_in("ko").predict, labels_in("ko").clear) == ("예측하기", "지우기")


def test_an_unknown_language_is_an_error_that_lists_the_known() -> None:
    with pytest.raises(UnknownNameError, match="unknown language 'xx': choose one of en, ko"):
        labels_in("xx")
