"""The demonstration: the office of 2021-12-28 with its bulletin's problems, made by the product's own operations."""
