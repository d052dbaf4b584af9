{# True for the rows of a day-grain fact that this build replaces: every row of the window's days and, whatever their day, the rows of users whose
   earlier landed rows changed; for a fact without users, the whole days on which such a user did anything. Used on the recomputed rows and on the
   target alike, so that a row that left its day or its user disappears. #}
{% macro in_rebuilt_scope(day_column, user_column='user_id') -%}
    (
        {{ day_column }} between cast('{{ var("window_start") }}' as date) and cast('{{ var("window_end") }}' as date)
        {%- if user_column %}
        or {{ user_column }} in (select user_id from {{ ref('changed_users') }})
        {%- else %}
        or {{ day_column }} in (select activity_date from {{ ref('days_of_changed_users') }})
        {%- endif %}
    )
{%- endmacro %}
