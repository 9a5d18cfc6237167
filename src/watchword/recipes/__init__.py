"""One file a model of a paper: settings, `build`, and the figures the paper gives. One import line each."""

from watchword.recipes import (
    adversarial_video,
    attention_on_attention,
    attentive_video,
    consistent_attention,
    contrastive_alignments,
    deep_alignments,
    frame_and_class,
    joint_embedding,
    lrcn_activity,
    lrcn_captioner,
    lrcn_tuples,
    mean_pooling,
    motion_kernels,
    neuraltalk,
    s2vt,
    security_captioner,
    show_attend_tell,
    show_tell,
    top_down,
)
from watchword.recipes.base import Recipe, recipes

__all__ = ["Recipe", "recipes"]
