"""What is deleted from a document before the public reads it, as pure functions over its content."""
