"""Made-up returned pages, with what is true of each: for measuring the hints. Optimistic: paper is never so kind."""
