"""One row per measure and day ahead, and per measure and horizon: the published forecast; see include.analytics.finance.tables."""


def model(dbt, session):
    from include.analytics.finance.tables import forecast_tables, published_table

    dbt.config(materialized="table")
    inputs = forecast_tables(
        referrals=dbt.ref("int_forecast_referrals").df(),
        sides=dbt.ref("int_forecast_sides").df(),
        entries=dbt.ref("int_forecast_entries").df(),
        signups=dbt.ref("int_forecast_signups").df(),
        bonus=dbt.ref("int_bonus_periods").df(),
        due=dbt.ref("int_forecast_due").df(),
        liability=dbt.ref("fct_liability_day").df(),
    )
    return published_table(inputs, dbt.ref("int_forecast_score").df(), dbt.ref("int_as_of").df())
