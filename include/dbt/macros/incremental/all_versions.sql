{# The distinct contents that the touched keys of an append-only table ever had, replaced ones included; `is_in_raw` is true for a content that raw
   still holds. `columns` maps the content's columns to their types. #}
{% macro all_versions(table_name, key, columns, touched) -%}
    select
        {{ columns | join(', ') }},
        bool_or(is_in_raw) as is_in_raw
    from (
        select
            {{ columns | join(', ') }},
            true as is_in_raw
        from {{ source('raw', table_name) }}
        where {{ key }} in (select {{ key }} from {{ ref(touched) }})
        union all
        select
            {%- for column, type in columns.items() %}
            {{ superseded_value(column, type) }} as {{ column }},
            {%- endfor %}
            false as is_in_raw
        from {{ source('raw', 'superseded') }}
        where table_name = '{{ table_name }}' and superseded_by_load_id > {{ var('base_load_id') }}
    ) as versions
    group by {{ columns | join(', ') }}
{%- endmacro %}
