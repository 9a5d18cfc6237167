"""How a clip moves, as numbers: two seconds of it as flow, in cells, as statistics, local motion and crops."""
