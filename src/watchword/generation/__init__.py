"""Search over words: from `Stepper.start` and `Stepper.step` to sentences, in NumPy."""
