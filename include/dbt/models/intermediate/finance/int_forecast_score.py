"""One row per model, measure and horizon: how good its forecasts were; see include.analytics.finance.backtest."""


def model(dbt, session):
    from include.analytics.finance.tables import score_table

    dbt.config(materialized="table")
    return score_table(dbt.ref("int_forecast_backtest").df())
