"""The web shell: builds the application, admits people, guards every page, and shows errors as sentences."""
