"""Estimators of trust and safety: who hangs together, and what chance does not explain. Tables in, tables out."""
