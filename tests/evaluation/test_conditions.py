import random
import re

import pandas as pd
import pytest

from mnistlab.errors import ParameterError
from mnistlab.evaluation.conditions import MAX_LENGTH, fulfils

TABLE = pd.DataFrame(
    {
        "preset": ["fast", "fast", "drawn", None],
        "rate": [0.01, 0.001, float("nan"), 0.1],
        "seed": [0, 1, 2, 3],
        "dirty": [True, False, True, None],
        "mixed": [3, "three", 4, None],
        "odd-name": [1, 2, 3, 4],
        "started": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01", None], utc=True),
    }
)


def rows(condition: str) -> list[int]:
    return [row for row, fulfilled in enumerate(fulfils(TABLE, condition)) if fulfilled]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("preset == 'fast'", [0, 1]),
        ('preset=="fast" and rate>0.005', [0]),
        ("preset == 'drawn' or rate < 0.05 and seed != 0", [1, 2]),
        ("not (preset == 'fast' or seed == 3)", [2]),
        ("seed in [0, 2, -1]", [0, 2]),
        ("preset not in ('fast',)", [2]),
        ("0 < seed <= 2", [1, 2]),
        ("0.05 > rate", [0, 1]),
        ("-1 < seed < 1", [0]),
        ("dirty", [0, 2]),
        ("not dirty", [1]),
        ("dirty == True and seed == 2", [2]),
        ("`odd-name` > 2", [2, 3]),
        ("preset == 'a`b`c'", []),
        ("mixed > 3", [2]),
        ("started > '2026-01-31'", [1, 2]),
        ("started < '2026-02-15T00:00+09:00' and seed > 0", [1]),
        ("  seed == 1\n", [1]),
        ("(seed ==\n 1)", [1]),
    ],
)
def test_a_condition_chooses_rows(condition: str, expected: list[int]) -> None:
    assert rows(condition) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("rate > 0", [0, 1, 3]),
        ("not rate > 0", []),
        ("rate != 0.01", [1, 3]),
        ("rate > 0 or seed == 2", [0, 1, 2, 3]),
        ("rate > 0 and seed == 2", []),
        ("rate == None", [2]),
        ("rate != None", [0, 1, 3]),
        ("preset == None or started == None", [3]),
        ("preset not in ['drawn']", [0, 1]),
    ],
)
def test_what_is_missing_is_neither_larger_nor_smaller_nor_different(condition: str, expected: list[int]) -> None:
    assert rows(condition) == expected


@pytest.mark.parametrize(
    ("condition", "complaint"),
    [
        ("rat > 1", "there is no column 'rat', but rate"),
        ("volts > 1", "there is no column 'volts'; the columns are preset, rate"),
        ("rate", "rate is no condition"),
        ("preset", "preset is no condition"),
        ("1", "1 is no condition"),
        ("rate >", "invalid syntax"),
        ("rate = 1", "."),
        ("seed > 'x'", "seed and 'x' are of different kinds"),
        ("seed in preset", "after in stands a list"),
        ("seed is 1", "only == !="),
        ("seed == 1j", "1j is neither"),
        ("seed == b'x'", "neither"),
        ("seed == f'{seed}'", "neither"),
        ("rate + 1 > 2", "rate [+] 1 is neither"),
        ("rate > 0 & seed", "neither"),
        ("`nothing here` > 1", "no column 'nothing here'"),
        ("seed == " + "9" * 5000, "longer than 2,000"),
        ("not " * 400 + "dirty", "."),
        ("(" * 900 + "dirty" + ")" * 900, "."),
        ("seed in [" + "0," * 600 + "]", "too complicated"),
        ("started > 'yesterday at noon'", "."),
        ("", "."),
        ("\x00", "."),
    ],
)
def test_what_is_no_condition_is_said_in_a_line(condition: str, complaint: str) -> None:
    with pytest.raises(ParameterError, match=rf"is not a valid condition: .*{complaint}") as error:
        fulfils(TABLE, condition)
    assert len(str(error.value)) < MAX_LENGTH + 500


ATTACKS = [
    "@pd.io.common.os.system('touch {}')",
    "@__builtins__.open('{}', 'w') == 1",
    "__import__('os').system('touch {}') == 0",
    "preset.map(open('{}', 'w').write) == 1",
    "seed == [open('{}', 'w') for _ in 'x'][0]",
    "(lambda: open('{}', 'w'))() == 1",
    "preset.__class__ == 1",
    "(seed := 1) == 1",
    "_[__import__('os').system('touch {}')] == 1",
    "`' + open('{}', 'w').name + '` == 1",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_in_a_condition_is_executed(attack: str, tmp_path: object) -> None:
    with pytest.raises(ParameterError):
        fulfils(TABLE, attack.replace("{}", f"{tmp_path}/made"))
    assert list(tmp_path.iterdir()) == []


def test_random_text_is_a_condition_or_one_clear_error() -> None:
    rng = random.Random(0)
    pieces = (
        "preset rate seed dirty mixed `odd-name` started 'fast' 1 -0.5 None True == != < >= in not and or ( ) [ ] ,"
    )
    pieces += " @ . é \\ ` ' { %"
    outcomes = set()
    for _ in range(2000):
        condition = " ".join(rng.choice(pieces.split()) for _ in range(rng.randint(1, 9)))
        try:
            outcomes.add(len(fulfils(TABLE, condition)))
        except ParameterError as error:
            outcomes.add(re.sub(r".*(is not a valid condition).*", r"\1", str(error), flags=re.DOTALL))
    assert outcomes == {4, "is not a valid condition"}
