"""Digits of UNIPEN whose labels are wrong: found by looking at what a model misread."""

WRONG_LABELS: dict[str, tuple[int, ...]] = {
    "one stroke of a 4": (
        *(3979, 3980, 4020, 4021, 4022, 4023, 4077, 4078, 4127, 4178, 4229, 4230, 4270, 4271, 4277, 4278),
        *(4336, 4406, 4407, 4473, 4478, 4479, 4480, 4550, 4617, 4709, 4880, 4967, 5039, 5040, 5121, 5310),
        *(5395, 5398, 5399, 5403, 5408, 5409, 5410, 5505),
    ),
    "the slash of a 0": (4018, 4068, 4076, 4333, 4400, 4615, 4704, 4878, 4960, 5035, 5117, 5219, 5305, 5401, 5500),
    "one ring or one bar of an 8": (4010, 4014, 4015, 4016, 4486, 5400, 5502, 5503),
    "the dot or the foot of a 1": (4962, 4963, 5402),
}
"""Their positions among the isolated digits, in the order in which they are read, by what is drawn.

All are by the contributor ibm, where each stroke of some digits has the label of the whole digit. They stay in
everything that is measured, and nobody is trained on them.
"""
