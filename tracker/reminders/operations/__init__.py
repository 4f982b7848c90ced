"""Writing messages and their deliveries: from the record, from the ladder; claiming, settling, reading."""
