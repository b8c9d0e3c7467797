"""Kept drawings for tests."""

from dataclasses import replace

from mnistlab.keeping.drawing import KeptAnswer, KeptDrawing, KeptModel

MODEL = KeptModel(name="drawn", sha256="a1" * 32)


def answer(digit: int, confidence: float = 0.75, is_digit: bool = True) -> KeptAnswer:
    return KeptAnswer(digit=digit, confidence=confidence, is_digit=is_digit, model=MODEL)


def kept(
    number: int = 0, label: int = 7, read_as: KeptAnswer | None = None, writer: str = "", minute: int = 0
) -> KeptDrawing:
    """Return one of many different drawings: an angle that reaches down to a hundredth that is its number."""
    drawing = KeptDrawing.now([[(90, 80), (190.25, 80)], [(190, 80), (130, 150 + number / 100)]], [24, 8.5], label)
    return replace(drawing, answer=read_as, writer=writer, time=f"2026-03-01T10:{minute:02}:00+00:00")
