{# Incremental strategy for an append-only table: delete what the target holds of the touched keys, insert their newest versions. Needs the
   configurations `key`, `day_column` and `versions`, the model that lists every version of the touched keys. What the target holds of a key is one of
   them; the day is compared too, so that the scan can leave out the days of which there is no version. A key without a version in raw disappears. #}
{% macro get_incremental_versions_replace_sql(arg_dict) -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    {%- set identity = config.require('day_column') ~ ', ' ~ config.require('key') -%}
    delete from {{ arg_dict['target_relation'] }}
    where ({{ identity }}) in (select {{ identity }} from {{ ref(config.require('versions')) }});
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}

{# True for the rows of the target, called `old`, that this strategy replaces. Not `in`: its negation on two columns would be no join on Spark. #}
{% macro rows_replaced_by_versions_replace() -%}
    {%- set day_column, key = config.require('day_column'), config.require('key') -%}
    exists (
        select 1
        from {{ ref(config.require('versions')) }} as versions
        where versions.{{ day_column }} = old.{{ day_column }} and versions.{{ key }} = old.{{ key }}
    )
{%- endmacro %}
