"""The outermost shell: commands that start the others, the demonstration, and benchmarks."""
