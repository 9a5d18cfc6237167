"""What is tested of every recipe: its tiny form, and other forms of those that have several."""

import torch

from watchword.recipes import recipes

VARIANTS = {name: (name, {}) for name in recipes if recipes[name].says} | {
    "show_attend_tell, as it ships": ("show_attend_tell", {"attention": "dot", "heads": 8}),
    "show_attend_tell, untied": ("show_attend_tell", {"tied": False}),
    # Not of the usual width, at which two cells of a made picture tie to the last digit: either may then be taken.
    "show_attend_tell, hard": ("show_attend_tell", {"hard": True, "width": 48}),
    "show_attend_tell, hard, dot": ("show_attend_tell", {"hard": True, "attention": "dot", "heads": 8}),
    "attention_on_attention, unrefined": ("attention_on_attention", {"layers": 0}),
    "security_captioner, RNN": ("security_captioner", {"cell": "tanh"}),
    "lrcn_captioner, one layer": ("lrcn_captioner", {"layers": 1, "factored": False}),
    "lrcn_captioner, unfactored": ("lrcn_captioner", {"factored": False}),
    "lrcn_captioner, four layers": ("lrcn_captioner", {"layers": 4}),
    "attentive_video, dot": ("attentive_video", {"attention": "dot", "heads": 8, "layers": 1}),
    "attentive_video, hard": ("attentive_video", {"hard": True, "width": 48}),
    "lrcn_tuples, (a)": ("lrcn_tuples", {"form": "encoder_decoder"}),
    "lrcn_tuples, (b)": ("lrcn_tuples", {"form": "maxima"}),
    "adversarial_video, s2vt": ("adversarial_video", {"generator": "s2vt"}),
    "adversarial_video, attentive": ("adversarial_video", {"generator": "attentive"}),
    "frame_and_class, frame": ("frame_and_class", {"first": "frame", "clip_features": "mean"}),
    "frame_and_class, both": ("frame_and_class", {"first": "both", "layers": 2}),
}
MATCHERS = {name: (name, {}) for name in recipes if recipes[name].kind == "matcher"} | {
    "deep_alignments, equation (7)": ("deep_alignments", {"score": "all_regions"}),
    "joint_embedding, hardest": ("joint_embedding", {"hardest": True}),
    "joint_embedding, gated": ("joint_embedding", {"reader": "gated"}),
    "contrastive_alignments, whole": ("contrastive_alignments", {"score": "whole"}),
}
LABELLERS = {name: (name, {}) for name in recipes if recipes[name].kind == "labeller" and not recipes[name].fit} | {
    "lrcn_activity, frame by frame": ("lrcn_activity", {"cell": "none"}),
    "lrcn_activity, in stretches": ("lrcn_activity", {"length": 3, "stride": 2}),
}
FITTED = {name: (name, {}) for name in recipes if recipes[name].fit} | {
    "motion_kernels, statistics": ("motion_kernels", {"kernels": "statistics"}),
    "motion_kernels, change and local": ("motion_kernels", {"kernels": "change+fisher"}),
}


def settings_of(variant):
    """Return the settings of a variant."""
    name, changes = (VARIANTS | MATCHERS | LABELLERS)[variant]
    return recipes[name].settings(**{**recipes[name].tiny, **changes})


def build(variant, vocabulary, seed):
    """Return the untrained model of a variant."""
    torch.manual_seed(seed)
    name, _ = (VARIANTS | MATCHERS | LABELLERS)[variant]
    return recipes[name].build(settings_of(variant), vocabulary)
