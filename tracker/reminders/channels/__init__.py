"""Ways out of the house: a channel sends one letter or says why not. The inbox needs none: it is the message."""
