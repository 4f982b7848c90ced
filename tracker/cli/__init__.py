"""The outermost shell: commands that start the others (serve, worker), the demonstration, benchmarks, and care of the data."""
