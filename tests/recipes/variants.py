"""What is tested of every recipe: its tiny form, and other forms of those that have several."""

import torch

from watchword.recipes import recipes

VARIANTS = {name: (name, {}) for name in recipes if recipes[name].says} | {
    "show_attend_tell, as it ships": ("show_attend_tell", {"attention": "dot", "heads": 8}),
    "show_attend_tell, untied": ("show_attend_tell", {"tied": False}),
    # Not of the usual width, at which two cells of a made picture tie to the last digit: either may then be taken.
    "show_attend_tell, hard": ("show_attend_tell", {"hard": True, "width": 48}),
    "show_attend_tell, hard, dot": ("show_attend_tell", {"hard": True, "attention": "dot", "heads": 8}),
    "security_captioner, RNN": ("security_captioner", {"cell": "tanh"}),
    "lrcn_captioner, one layer": ("lrcn_captioner", {"layers": 1, "factored": False}),
    "lrcn_captioner, unfactored": ("lrcn_captioner", {"factored": False}),
    "lrcn_captioner, four layers": ("lrcn_captioner", {"layers": 4}),
}
MATCHERS = {name: (name, {}) for name in recipes if not recipes[name].says} | {
    "deep_alignments, equation (7)": ("deep_alignments", {"score": "all_regions"}),
    "joint_embedding, hardest": ("joint_embedding", {"hardest": True}),
    "joint_embedding, gated": ("joint_embedding", {"reader": "gated"}),
    "contrastive_alignments, whole": ("contrastive_alignments", {"score": "whole"}),
}


def build(variant, vocabulary, seed):
    """Return the untrained model of a variant."""
    torch.manual_seed(seed)
    name, changes = (VARIANTS | MATCHERS)[variant]
    recipe = recipes[name]
    return recipe.build(recipe.settings(**{**recipe.tiny, **changes}), vocabulary)
