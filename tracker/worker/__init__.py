"""The background shell: one process that runs jobs as they come and sweeps for whatever was missed."""
