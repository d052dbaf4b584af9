"""Estimators of the product room."""
