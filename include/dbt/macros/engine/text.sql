{# A VARCHAR: without white space at either end, a no-break space too, each character in its own lower case. #}
{% macro trimmed_lower(text) -%} {{ return(adapter.dispatch('trimmed_lower', 'carton_caps')(text)) }} {%- endmacro %}
{% macro default__trimmed_lower(text) -%} lower(regexp_replace({{ text }}, '^[\s\x0b\x1c-\x1f\x85\p{Z}]+|[\s\x0b\x1c-\x1f\x85\p{Z}]+$', '', 'g')) {%- endmacro %}
{# Spark's lower knows of neighbours (a last sigma) and makes two characters of a dotted capital I: beyond ASCII, one character at a time. #}
{% macro spark__trimmed_lower(text) -%}
    {%- set space = "[\\\\s\\\\x0b\\\\x1c-\\\\x1f\\\\x85\\\\p{Z}]+" -%}
    {%- set trimmed = "regexp_replace(" ~ text ~ ", '\\\\A" ~ space ~ "|" ~ space ~ "\\\\z', '')" -%}
    case
        when {{ trimmed }} rlike '[^\\x00-\\x7f]'
            then array_join(transform(split(replace({{ trimmed }}, 'İ', 'i'), ''), c -> lower(c)), '')
        else lower({{ trimmed }})
    end
{%- endmacro %}

{# A VARCHAR: what stands before the first, and after the last, of one character; the whole text where it is not. In DuckDB 2.0 split_part on a column that
   holds nothing but null ends a query with an internal error. #}
{% macro text_before_first(text, sign) -%} {{ return(adapter.dispatch('text_before_first', 'carton_caps')(text, sign)) }} {%- endmacro %}
{% macro default__text_before_first(text, sign) -%} regexp_extract({{ text }}, '^[^{{ sign }}]*') {%- endmacro %}
{% macro spark__text_before_first(text, sign) -%} split_part({{ text }}, '{{ sign }}', 1) {%- endmacro %}

{% macro text_after_last(text, sign) -%} {{ return(adapter.dispatch('text_after_last', 'carton_caps')(text, sign)) }} {%- endmacro %}
{% macro default__text_after_last(text, sign) -%} regexp_extract({{ text }}, '[^{{ sign }}]*$') {%- endmacro %}
{% macro spark__text_after_last(text, sign) -%} split_part({{ text }}, '{{ sign }}', -1) {%- endmacro %}
