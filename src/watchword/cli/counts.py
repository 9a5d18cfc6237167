"""Several numbers in one option: 1,2,5."""

import math

import typer


def counts(text: str, option: str) -> list[int]:
    """Return the numbers of a list with commas, rising, each once; `typer.BadParameter` unless all are 1 or more."""
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if not numbers or min(numbers) < 1:
        raise typer.BadParameter(
            f"{text!r}: whole numbers of 1 or more with commas between, as in 1,5", param_hint=option
        )
    return sorted(set(numbers))


def amounts(text: str, option: str) -> list[float]:
    """Return the numbers of a list with commas, rising, each once; `typer.BadParameter` unless all are 0 or more."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if not numbers or not all(math.isfinite(number) and number >= 0 for number in numbers):
        raise typer.BadParameter(f"{text!r}: numbers of 0 or more with commas between, as in 0,0.1", param_hint=option)
    return sorted({number + 0.0 for number in numbers})
