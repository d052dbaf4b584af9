{# True for a raw row that this build must look at: it landed in the window, or has not been in a successful build yet, or its event time (where the
   table has one) was still in the future at the last build. Covers repeated and interrupted builds alike. #}
{% macro landed_anew(event_time=none) -%}
    (
        _load_id > {{ var('base_load_id') }}
        or _ds between cast('{{ var("window_start") }}' as date) and cast('{{ var("window_end") }}' as date)
        {%- if event_time %}
        or {{ event_time }} >= cast('{{ var("previous_as_of") }}' as timestamp)
        {%- endif %}
    )
{%- endmacro %}
