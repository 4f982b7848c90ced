"""What a unit may ask for about an assignment: more time (延期), a problem struck out (申辩)."""
