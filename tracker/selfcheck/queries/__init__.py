"""Reading self-inspections: the office all of them, a unit's contact the own sheets."""
