{# True for the rows of a day-grain fact that this build replaces: every row of the window's days and, whatever their day, the rows of users whose
   earlier landed rows changed; for a fact without users, the whole days on which such a user did anything. Used on the recomputed rows and on the
   target alike, so that a row that left its day or its user disappears. True for every row while the table is built from scratch. #}
{% macro in_rebuilt_scope(day_column, user_column='user_id') -%}
    {#- the refs stand outside the condition, so that dbt sees them while it parses -#}
    {%- set changed_users = ref('changed_users') -%}
    {%- set other_days = none if user_column else ref('days_of_changed_users') -%}
    {%- if not is_incremental() -%}
    true
    {%- else -%}
    (
        {{ day_column }} between cast('{{ var("window_start") }}' as date) and cast('{{ var("window_end") }}' as date)
        {%- if user_column %}
        or {{ user_column }} in (select user_id from {{ changed_users }})
        {%- else %}
        or {{ day_column }} in (select activity_date from {{ other_days }})
        {%- endif %}
    )
    {%- endif -%}
{%- endmacro %}
