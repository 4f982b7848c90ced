"""Letters under fire: workers killed at any moment, a mail server that refuses, hangs and loses its answers."""
