"""The words on the drawing pad, one table for all languages."""

from dataclasses import dataclass

from mnistlab.errors import UnknownNameError


@dataclass(frozen=True)
class Translation:
    """The words in one language."""

    predict: str
    clear: str
    undo: str
    pen: str
    live: str
    model: str
    invitation: str  # on an empty pad
    seen: str  # under the image that the model gets
    failed: str  # before what went wrong


LANGUAGES = {
    "en": Translation(
        predict="Predict",
        clear="Clear",
        undo="Undo",
        pen="Pen",
        live="Live",
        model="Model",
        invitation="Draw a digit, 0 to 9",
        seen="what the model sees",
        failed="No answer",
    ),
    "ko": Translation(
        predict="예측하기",
        clear="지우기",
        undo="되돌리기",
        pen="펜 굵기",
        live="실시간",
        model="모델",
        invitation="0부터 9까지 숫자를 그려 보세요",
        seen="모델이 보는 그림",
        failed="답할 수 없음",
    ),
}


def translation_in(language: str) -> Translation:
    """Return the words in a language.

    Raises
    ------
    UnknownNameError
        If there are none.
    """
    if language not in LANGUAGES:
        raise UnknownNameError("language", language, LANGUAGES)
    return LANGUAGES[language]
