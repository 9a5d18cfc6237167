"""The loop, losses, optimisers, checkpoints and export. Models and losses reach it as arguments."""
