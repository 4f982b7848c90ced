"""Files that somebody may try to hand in, made when they are needed: sound ones as control, then the other kind."""
