"""One file a format; every reader yields `core.types.Example`."""
