{# Incremental strategy for day-grain facts: delete the rebuilt scope from the target, insert what was recomputed for it, in the one transaction of the
   materialization. Needs the configuration `day_column`; `user_column` is none for a fact without users. dbt's own delete+insert keeps a key or day
   that vanished upstream. #}
{% macro get_incremental_window_replace_sql(arg_dict) -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    {%- set day_column = config.require('day_column') -%}
    delete from {{ arg_dict['target_relation'] }}
    where {{ in_rebuilt_window(day_column) }};
    delete from {{ arg_dict['target_relation'] }}
    where {{ in_rebuilt_rest(day_column, config.get('user_column', 'user_id') or none) }};
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}

{# True for the rows that this strategy replaces, in one condition: what an engine without `delete` keeps is the rest. #}
{% macro rows_replaced_by_window_replace() -%}
    {%- set day_column = config.require('day_column') -%}
    {{ in_rebuilt_window(day_column) }} or {{ in_rebuilt_rest(day_column, config.get('user_column', 'user_id') or none) }}
{%- endmacro %}
