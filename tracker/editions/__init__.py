"""公开版: what a portal shows of an issued document, what was left out and by whom, and the proof that it is gone."""
