"""One file a model of a paper: settings, `build`, and the figures the paper gives. One import line each."""

from watchword.recipes import (
    contrastive_alignments,
    deep_alignments,
    joint_embedding,
    lrcn_captioner,
    neuraltalk,
    security_captioner,
    show_attend_tell,
    show_tell,
    top_down,
)
from watchword.recipes.base import Recipe, recipes

__all__ = [
    "Recipe",
    "contrastive_alignments",
    "deep_alignments",
    "joint_embedding",
    "lrcn_captioner",
    "neuraltalk",
    "recipes",
    "security_captioner",
    "show_attend_tell",
    "show_tell",
    "top_down",
]
