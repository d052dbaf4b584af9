"""One row per origin, model, measure and horizon: forecasts from past days and what came; see include.analytics.finance.backtest."""


def model(dbt, session):
    from include.analytics.finance.tables import backtest_table, forecast_tables

    dbt.config(materialized="table")
    inputs = forecast_tables(
        referrals=dbt.ref("int_forecast_referrals").df(),
        sides=dbt.ref("int_forecast_sides").df(),
        entries=dbt.ref("int_forecast_entries").df(),
        signups=dbt.ref("int_forecast_signups").df(),
        bonus=dbt.ref("int_bonus_periods").df(),
    )
    return backtest_table(inputs, dbt.ref("fct_liability_day").df(), dbt.ref("int_as_of").df())
