"""年度考核: one sheet per unit and year, each point from countable rows, weights by the office's own editions.

Shows units in the registry's order only; a signed sheet keeps its figures. Bulletins know nothing of it.
"""
