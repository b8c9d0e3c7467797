"""All text on the drawing pad, in each language."""

from dataclasses import dataclass, replace

from mnistlab.errors import UnknownNameError
from mnistlab.widgets.model_choice import ModelChoice


@dataclass(frozen=True)
class Translation:
    """The pad's text in one language."""

    predict: str
    clear: str
    undo: str
    pen_width: str
    live: str
    numbers: str  # a box to tick: whole numbers are drawn
    model: str
    instruction: str  # on an empty pad
    instruction_number: str
    unread: str  # when the drawing has changed and nobody has asked yet
    sure: str  # under the confidence: it is that of this drawing
    sure_of_digit: str  # the same for a digit of a number
    second: str  # the second most likely digit and its probability, where they are close
    no_digit: str  # if it may be no digit, with the most likely one and its confidence
    several: str  # if there are several digits: how many
    sure_of_number: str  # the probability that a whole number is right
    no_number: str  # if something in it is no digit: how it is shown
    touch: str  # below a number whose digits can be touched
    answered: str  # how long it took, and the model
    model_tested: str  # a model's name, its accuracy and the name of the test set: not to be taken for a confidence
    model_not_tested: str
    really: str  # before ten buttons, for the digit that a drawing really is
    keep_as: str  # what such a button does
    right: str  # a button: the answer was right
    writer: str  # in an empty field for the writer's name
    kept: str  # after a drawing was kept
    kept_drawings: str  # a button that shows them
    kept_caption: str  # below a kept drawing: what it is, and as what it was read
    counted: str  # how many there are, and where
    damaged: str  # how many lines of the file cannot be read
    choose: str  # in a list of kept drawings: none yet
    delete: str
    export: str
    exported: str  # after that: how many, and where
    nothing_to_keep: str
    keeps_nothing: str  # where nothing may be kept
    keeps_here: str  # in a web app that keeps drawings
    why: str  # a button: which ink speaks for the digit
    why_tooltip: str
    than: str  # in a list: compared with which digit
    than_none: str
    reasons: str  # how much ink speaks for the digit and how much against it, in logits
    reasons_against: str  # the same, compared with another digit
    image_caption: str  # under the image that the model is given
    error_prefix: str  # before an error message
    full: str  # when a drawing has as many strokes or points as it may have

    def for_numbers(self) -> "Translation":
        """Return the text where whole numbers are drawn."""
        return replace(self, instruction=self.instruction_number, sure=self.sure_of_digit)


LANGUAGES = {
    "en": Translation(
        predict="Predict",
        clear="Clear",
        undo="Undo",
        pen_width="Pen",
        live="Live",
        numbers="Number",
        model="Model",
        instruction="Draw a digit, 0 to 9",
        instruction_number="Draw a number, such as 2026",
        unread="Not read yet: press Predict",
        sure="sure of this drawing",
        sure_of_digit="sure of this digit",
        second="or {digit}: {probability:.1%}",
        no_digit="perhaps not a digit; if it is one: {digit}, {probability:.1%}",
        several="{count} digits, or what looks like them: draw one at a time, or tick Number",
        sure_of_number="{probability:.1%} sure of the whole number",
        no_number="{mark} is perhaps not a digit",
        touch="touch a digit to see how sure it is",
        answered="read in {milliseconds:.1f} ms by {model}",
        model_tested="{name} ({accuracy:.2%} on {dataset}'s test set)",
        model_not_tested="{name} (not tested)",
        really="It really is a",
        keep_as="Keep this drawing as a {label}",
        right="Right",
        writer="Your name, if you like",
        kept="Kept as a {label}",
        kept_drawings="Kept drawings",
        kept_caption="{label}, read as {answer}",
        counted="Drawings in {file}: {count}.",
        damaged="Lines that cannot be read: {count}.",
        choose="choose one",
        delete="Delete",
        export="Export all",
        exported="Exported to {folder}: {count}",
        nothing_to_keep="Nothing to keep yet: draw a digit first",
        keeps_nothing="Nothing that you draw here is kept",
        keeps_here="What you keep goes, with the name that you give, into a file of whoever runs this page",
        why="Why?",
        why_tooltip="Show which ink speaks for the digit (light blue) and which against it (orange)",
        than="why not {digit}?",
        than_none="compared with nothing drawn",
        reasons="Light blue ink speaks for {digit} ({speaks_for:+.1f}), orange ink against it ({speaks_against:+.1f})",
        reasons_against=(
            "Light blue ink speaks for {digit} and not {other} ({speaks_for:+.1f}), "
            "orange ink for {other} ({speaks_against:+.1f})"
        ),
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
        numbers="여러 자리 수",
        model="모델",
        instruction="0부터 9까지 숫자를 그려 보세요",
        instruction_number="2026처럼 여러 자리 수를 그려 보세요",
        unread="아직 읽지 않았습니다. 예측하기를 누르세요",
        sure="이 그림에 대한 확신",
        sure_of_digit="이 숫자에 대한 확신",
        second="또는 {digit}: {probability:.1%}",
        no_digit="숫자가 아닐 수 있습니다. 숫자라면: {digit}, {probability:.1%}",
        several="숫자 {count}개, 또는 그렇게 보이는 것: 하나씩 그리거나 '여러 자리 수'를 켜세요",
        sure_of_number="수 전체에 대한 확신 {probability:.1%}",
        no_number="{mark}: 숫자가 아닐 수 있음",
        touch="숫자를 누르면 확신의 정도를 볼 수 있습니다",
        answered="{milliseconds:.1f}ms 만에 읽음: {model}",
        model_tested="{name} ({dataset} 테스트 세트에서 {accuracy:.2%})",
        model_not_tested="{name} (테스트하지 않음)",
        really="실제로는",
        keep_as="이 그림을 {label}(으)로 저장",
        right="맞음",
        writer="이름 (선택)",
        kept="{label}(으)로 저장했습니다",
        kept_drawings="저장한 그림",
        kept_caption="{label}, 모델의 답 {answer}",
        counted="{file}에 그림 {count}개.",
        damaged="읽을 수 없는 줄 {count}개.",
        choose="그림을 고르세요",
        delete="삭제",
        export="모두 내보내기",
        exported="그림 {count}개를 {folder}에 저장했습니다",
        nothing_to_keep="아직 저장할 그림이 없습니다. 먼저 숫자를 그려 보세요",
        keeps_nothing="여기에 그린 것은 저장되지 않습니다",
        keeps_here="저장한 그림은 입력한 이름과 함께 이 페이지 운영자의 파일에 기록됩니다",
        why="왜?",
        why_tooltip="어떤 획이 이 숫자를 뒷받침하고(하늘색) 어떤 획이 반대하는지(주황색) 보여 줍니다",
        than="왜 {digit}이(가) 아닌가?",
        than_none="빈 그림과 비교",
        reasons="하늘색 획은 {digit} 쪽({speaks_for:+.1f}), 주황색 획은 반대쪽({speaks_against:+.1f})",
        reasons_against="하늘색 획은 {digit} 쪽({speaks_for:+.1f}), 주황색 획은 {other} 쪽({speaks_against:+.1f})",
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


def model_text(model: ModelChoice, translation: Translation) -> str:
    """Return a model's name with how often it is right on its test set, which says nothing about one drawing."""
    if model.accuracy is None:
        return translation.model_not_tested.format(name=model.name)
    return translation.model_tested.format(name=model.name, accuracy=model.accuracy, dataset=model.test_set)
