{# Every landed version of the touched keys of an append-only table: those that raw holds, and those that a changed file replaced since the last good
   build (`is_in_raw` is false, and where they lay is unknown). Every row that landed in the window is of a touched key; the ids of the long history
   before it are read here and nowhere else in a daily build. `columns` maps the contract's columns to their types. #}
{% macro versions_of_touched(table_name, key, event_time, day_column, columns, touched) -%}
    {%- set in_window -%}
        _ds between cast('{{ var("window_start") }}' as date) and cast('{{ var("window_end") }}' as date)
    {%- endset -%}
    {%- for condition in [in_window, 'not (' ~ in_window ~ ')'] %}
    select
        {{ columns | join(', ') }},
        cast({{ event_time }} as date) as {{ day_column }},
        _ds,
        _file,
        _line,
        true as is_in_raw
    from {{ source('raw', table_name) }}
    where {{ condition }} and {{ key }} in (select {{ key }} from {{ ref(touched) }})
    union all
    {%- endfor %}
    select
        {%- for column, type in columns.items() %}
        {{ superseded_value(column, type) }} as {{ column }},
        {%- endfor %}
        cast({{ superseded_value(event_time, 'timestamp') }} as date) as {{ day_column }},
        cast(null as date) as _ds,
        cast(null as string) as _file,
        cast(null as bigint) as _line,
        false as is_in_raw
    from {{ source('raw', 'superseded') }}
    where table_name = '{{ table_name }}' and superseded_by_load_id > {{ var('base_load_id') }}
{%- endmacro %}

{# The rows of an append-only table that can be the newest version of a key: all of raw while the table is built from scratch, else the versions of the
   touched keys. #}
{% macro landed_rows(table_name, versions) -%}
    {#- the ref stands outside the condition, so that dbt sees it while it parses -#}
    {%- set versions_of_touched_keys = ref(versions) -%}
    {%- if is_incremental() -%}
    select * from {{ versions_of_touched_keys }}
    where is_in_raw
    {%- else -%}
    select * from {{ source('raw', table_name) }}
    {%- endif -%}
{%- endmacro %}
