"""What SQL cannot say: estimators as pure functions of tables, called by the Python models of the dbt project."""
