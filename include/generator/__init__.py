"""The source side: a simulated world, and the importers of the client's base data. All that writes landing files.

Light to import: a DAG file may ask for the configuration without loading numpy or pyarrow.
"""

from include.generator.config import ConfigurationError, SimulationConfig, config_from_env

__all__ = ["ConfigurationError", "SimulationConfig", "config_from_env"]
