"""One file a model of a paper: settings, `build`, and the figures the paper gives. One import line each."""

from watchword.recipes import show_attend_tell, show_tell
from watchword.recipes.base import Recipe, recipes

__all__ = ["Recipe", "recipes", "show_attend_tell", "show_tell"]
