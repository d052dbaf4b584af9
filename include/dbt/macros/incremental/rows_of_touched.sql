{# The landed rows of the touched keys of an append-only table, T having passed them, as far as they can be a key's newest version: every such row while
   the table is built from scratch. Every row that landed in the window belongs to a touched key, and no row landed later, so that only keys without a
   row there have their newest version in an older landing day. Those are few, or none: then the long history is not read at all. #}
{% macro rows_of_touched(table_name, key, touched, event_time) -%}
    {%- set landed = source('raw', table_name) -%}
    {%- set touched_keys = ref(touched) -%}
    {%- set in_window -%}
        _ds between cast('{{ var("window_start") }}' as date) and cast('{{ var("window_end") }}' as date)
    {%- endset -%}
    select * from {{ landed }}
    where {{ event_time }} < {{ as_of() }}
    {%- if is_incremental() %}
        and {{ in_window }}
    union all
    select * from {{ landed }}
    where
        {{ event_time }} < {{ as_of() }}
        and not ({{ in_window }})
        and {{ key }} in (
            select {{ key }} from {{ touched_keys }}
            except
            select {{ key }} from {{ landed }}
            where {{ event_time }} < {{ as_of() }} and {{ in_window }}
        )
    {%- endif -%}
{%- endmacro %}
