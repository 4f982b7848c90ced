"""Homes per role (今天需要我): what waits for whom, oldest deadline first, each with its one next act."""
