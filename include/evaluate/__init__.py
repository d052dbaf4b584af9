"""How well the project finds what the simulator planted: scores against its truth, which nothing else may read."""
