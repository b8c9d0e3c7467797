from dataclasses import fields

import pytest

from mnistlab.errors import UnknownNameError
from mnistlab.widgets.translations import LANGUAGES, Translation, translation_in


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text(language: str) -> None:
    assert all(getattr(translation_in(language), field.name).strip() for field in fields(Translation))


def test_korean() -> None:
    assert (translation_in("ko").predict, translation_in("ko").clear) == ("예측하기", "지우기")


def test_an_unknown_language_is_an_error_that_lists_the_languages() -> None:
    with pytest.raises(UnknownNameError, match="unknown language 'xx': choose one of en, ko"):
        translation_in("xx")
