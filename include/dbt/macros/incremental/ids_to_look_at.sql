{# The keys of an append-only table that a build must look at again: of rows that have been in no good build, landed in the window, or were still in the
   future at the last build, and of rows that a changed file replaced since. Three conditions in three scans, each of which can leave out most of a long
   history; one `or` would read all of it. Nothing in a full refresh, which looks at everything anyway. #}
{% macro ids_to_look_at(table_name, key, event_time) -%}
    {%- set conditions = [
        "_load_id > " ~ var("base_load_id"),
        "_ds between cast('" ~ var("window_start") ~ "' as date) and cast('" ~ var("window_end") ~ "' as date)",
        event_time ~ " >= cast('" ~ var("previous_as_of") ~ "' as timestamp)",
    ] -%}
    {%- for condition in conditions %}
    select {{ key }}
    from {{ source('raw', table_name) }}
    where {{ condition }} and not {{ flags.FULL_REFRESH | lower }}
    union
    {%- endfor %}
    select {{ superseded_value(key) }} as {{ key }}
    from {{ source('raw', 'superseded') }}
    where table_name = '{{ table_name }}' and superseded_by_load_id > {{ var('base_load_id') }}
{%- endmacro %}
