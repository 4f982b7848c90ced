"""Acts on assessments."""
