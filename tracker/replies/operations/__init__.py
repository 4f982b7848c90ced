"""What may be done to a reply: drafting, scanning, submitting, reviewing."""
