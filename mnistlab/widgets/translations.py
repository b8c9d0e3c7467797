"""All text on the drawing pad, in each language."""

from dataclasses import dataclass

from mnistlab.errors import UnknownNameError


@dataclass(frozen=True)
class Translation:
    """The pad's text in one language."""

    predict: str
    clear: str
    undo: str
    pen_width: str
    live: str
    model: str
    instruction: str  # on an empty pad
    no_digit: str  # beside the most likely digit, before its confidence, if it may be none
    image_caption: str  # under the image that the model is given
    error_prefix: str  # before an error message
    full: str  # when a drawing has as many strokes or points as it may have


LANGUAGES = {
    "en": Translation(
        predict="Predict",
        clear="Clear",
        undo="Undo",
        pen_width="Pen",
        live="Live",
        model="Model",
        instruction="Draw a digit, 0 to 9",
        no_digit="perhaps not a digit; if it is one:",
        image_caption="what the model sees",
        error_prefix="No answer",
        full="The pad is full: your drawing stays, but undo or clear before you go on",
    ),
    "ko": Translation(
        predict="예측하기",
        clear="지우기",
        undo="되돌리기",
        pen_width="펜 굵기",
        live="실시간",
        model="모델",
        instruction="0부터 9까지 숫자를 그려 보세요",
        no_digit="숫자가 아닐 수 있습니다. 숫자라면:",
        image_caption="모델이 보는 그림",
        error_prefix="답할 수 없음",
        full="더 그릴 수 없습니다. 그림은 그대로 있으니, 되돌리거나 지운 뒤 계속하세요",
    ),
}


def translation_in(language: str) -> Translation:
    """Return the pad's text in a language.

    Parameters
    ----------
    language : {"en", "ko"}
        English or Korean.

    Raises
    ------
    UnknownNameError
        If there is no translation; the message lists the languages.
    """
    if language not in LANGUAGES:
        raise UnknownNameError("language", language, LANGUAGES)
    return LANGUAGES[language]
