{# True for the rows of a day-grain fact that this build replaces: every row of the window's days, and, whatever their day, the rows of users whose
   earlier landed rows changed. Used on the recomputed rows and on the target alike, so that a row that left its day or its user disappears. #}
{% macro in_rebuilt_scope(day_column, user_column='user_id') -%}
    (
        {{ day_column }} between cast('{{ var("window_start") }}' as date) and cast('{{ var("window_end") }}' as date)
        or {{ user_column }} in (select user_id from {{ ref('changed_users') }})
    )
{%- endmacro %}
