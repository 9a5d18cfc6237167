"""METEOR 1.5 without Java: `scorer` is the way in, and reads top to bottom."""
