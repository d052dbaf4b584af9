{# True for the rows of a day-grain fact that this build replaces: every row of the window's days and, whatever their day, the rows of users whose
   earlier landed rows changed; for a fact without users, the whole days on which such a user did anything. Used on the recomputed rows and on the
   target alike, so that a row that left its day or its user disappears. True for every row while the table is built from scratch.

   The scope comes in two parts, each one condition on one column, so that a scan of a long history can leave out what does not matter: an `or` of a
   range and a subquery makes the engine read and test every row. #}
{% macro in_rebuilt_window(day_column) -%}
    {{ day_column }} between cast('{{ var("window_start") }}' as date) and cast('{{ var("window_end") }}' as date)
{%- endmacro %}

{% macro in_rebuilt_rest(day_column, user_column='user_id') -%}
    {#- the refs stand outside the condition, so that dbt sees them while it parses -#}
    {%- set changed_users = ref('changed_users') -%}
    {%- set other_days = none if user_column else ref('days_of_changed_users') -%}
    {%- if user_column -%}
    {{ user_column }} in (select user_id from {{ changed_users }})
    {%- else -%}
    {{ day_column }} in (select activity_date from {{ other_days }})
    {%- endif -%}
{%- endmacro %}

{# The rows of a relation in that scope, each once. #}
{% macro rows_in_rebuilt_scope(relation, day_column, user_column='user_id') -%}
    {%- set rest = in_rebuilt_rest(day_column, user_column) -%}
    select * from {{ relation }}
    {%- if is_incremental() %}
    where {{ in_rebuilt_window(day_column) }}
    union all
    select * from {{ relation }}
    where
        {{ rest }}
        and not ({{ in_rebuilt_window(day_column) }})
    {%- endif -%}
{%- endmacro %}
