"""The Penn Treebank tokeniser of the COCO captions evaluation, in Python: the same words, without Java."""
