"""The errors a person is meant to read: what is wrong, where, and what to do next."""


class CartonCapsError(Exception):
    """An error that the command line prints as one message, without a traceback, and that fails an Airflow task."""
