"""Figures as drawings and as tables: numbers in, geometry out; pure Python, knows no page, no paper and no office."""
