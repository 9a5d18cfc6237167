"""Several whole numbers in one option: 1,2,5."""

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
