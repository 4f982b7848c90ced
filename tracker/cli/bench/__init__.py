"""`flask bench`: the performance figures, each beside its budget, measured on databases of its own."""

from tracker.cli.bench.commands import commands as commands
