{# Incremental strategy for entities: delete every touched key from the target, insert what was recomputed for it. Needs the configurations `key` and
   `touched`, the model that lists the touched keys in a column of the same name. A touched key without a recomputed row disappears. #}
{% macro get_incremental_touched_keys_replace_sql(arg_dict) -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    {%- set key = config.require('key') -%}
    delete from {{ arg_dict['target_relation'] }}
    where {{ key }} in (select {{ key }} from {{ ref(config.require('touched')) }});
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}

{% macro rows_replaced_by_touched_keys_replace() -%}
    {%- set key = config.require('key') -%}
    {{ key }} in (select {{ key }} from {{ ref(config.require('touched')) }})
{%- endmacro %}
