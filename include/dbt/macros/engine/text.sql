{# A VARCHAR: without white space (space, tab, line ends, form feed) at either end, each character in its own lower case. #}
{% macro trimmed_lower(text) -%} {{ return(adapter.dispatch('trimmed_lower', 'carton_caps')(text)) }} {%- endmacro %}
{% macro default__trimmed_lower(text) -%} lower(regexp_replace({{ text }}, '^\s+|\s+$', '', 'g')) {%- endmacro %}
{# Spark's lower knows of neighbours (a last sigma) and makes two characters of a dotted capital I: beyond ASCII, one character at a time. #}
{% macro spark__trimmed_lower(text) -%}
    {%- set trimmed = "regexp_replace(" ~ text ~ ", '\\\\A[ \\\\t\\\\n\\\\f\\\\r]+|[ \\\\t\\\\n\\\\f\\\\r]+\\\\z', '')" -%}
    case
        when {{ trimmed }} rlike '[^\\x00-\\x7f]'
            then array_join(transform(split(replace({{ trimmed }}, 'İ', 'i'), ''), c -> lower(c)), '')
        else lower({{ trimmed }})
    end
{%- endmacro %}
