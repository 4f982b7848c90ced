"""What may be done to batches, notices and assignments; the only writer of their states."""
