"""Pages of ``docs/`` that are written from code. ``python -m reference`` writes them; a test finds stale ones."""
