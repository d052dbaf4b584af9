{# A struct of texts, one per key: null for a missing key, a number as its digits, a nested value as JSON text. Parses the document once. #}
{% macro json_texts(document, keys) -%} {{ return(adapter.dispatch('json_texts', 'carton_caps')(document, keys)) }} {%- endmacro %}
{% macro default__json_texts(document, keys) -%}
    {%- set fields = [] -%}
    {%- for key in keys %}{% do fields.append('"' ~ key ~ '": "VARCHAR"') %}{% endfor -%}
    json_transform({{ document }}, '{ {{- fields | join(", ") -}} }')
{%- endmacro %}

{# get_json_object takes the first of two equal keys, as DuckDB does; from_json, which parses the document once, takes the last. #}
{% macro spark__json_texts(document, keys) -%}
    {%- set fields = [] -%}
    {%- for key in keys %}{% do fields.append("'" ~ key ~ "', " ~ json_text(document, key)) %}{% endfor -%}
    named_struct({{ fields | join(', ') }})
{%- endmacro %}

{# A text: the value of one key of a JSON object, as above. #}
{% macro json_text(document, key) -%} {{ return(adapter.dispatch('json_text', 'carton_caps')(document, key)) }} {%- endmacro %}
{% macro default__json_text(document, key) -%} {{ document }} ->> '$.{{ key }}' {%- endmacro %}
{% macro spark__json_text(document, key) -%} get_json_object({{ document }}, '$.{{ key }}') {%- endmacro %}

{# A BIGINT from the text of a JSON value: a whole number, `12` or `12.0`; null for anything else. #}
{% macro id_from_text(value) -%} {{ return(adapter.dispatch('id_from_text', 'carton_caps')(value)) }} {%- endmacro %}
{% macro default__id_from_text(value) -%}
    case
        when {{ is_whole_match(value, '-?[0-9]+([.]0+)?') }} then try_cast({{ text_before_first(value, '.') }} as bigint)
    end
{%- endmacro %}
{# From 10^7 on Spark writes a JSON number with a fraction as 1.2E7, where DuckDB writes 12000000.0. #}
{% macro spark__id_from_text(value) -%}
    case
        when {{ is_whole_match(value, '-?[0-9]+([.]0+)?') }} then try_cast({{ text_before_first(value, '.') }} as bigint)
        when {{ is_whole_match(value, '-?[0-9][.][0-9]+E[0-9]+') }} and try_cast({{ value }} as decimal(38, 10)) % 1 = 0
            then try_cast(try_cast({{ value }} as decimal(38, 10)) as bigint)
    end
{%- endmacro %}

{# A VARCHAR, one key of a struct of json_texts(document, ...): null for empty text, objects, lists and booleans. The document is asked only about
   a value that looks like one of these: it may be a text all the same, `"{3F25-04E0}"`. #}
{% macro text_of_key(texts, key, document) -%}
    case
        when {{ texts }}.{{ key }} is null or {{ texts }}.{{ key }} = '' then null
        when left({{ texts }}.{{ key }}, 1) not in ('{', '[') and {{ texts }}.{{ key }} not in ('true', 'false') then {{ texts }}.{{ key }}
        when {{ is_json_text(document, key) }} then {{ texts }}.{{ key }}
    end
{%- endmacro %}

{# A BOOLEAN: whether the value of a key of a JSON object is a text. #}
{% macro is_json_text(document, key) -%} {{ return(adapter.dispatch('is_json_text', 'carton_caps')(document, key)) }} {%- endmacro %}
{% macro default__is_json_text(document, key) -%} json_type({{ document }}, '$.{{ key }}') = 'VARCHAR' {%- endmacro %}
{# Spark has no such function for a key that may be missing or stand twice: white space is what stands between key, colon and quotation mark. #}
{% macro spark__is_json_text(document, key) -%} {{ document }} rlike '"{{ key }}"[^!-~]*:[^!-~]*"' {%- endmacro %}

{# A BOOLEAN from the text of a JSON value: true for true, 1, "true" and "1"; false for anything else. #}
{% macro flag_from_text(value) -%} coalesce({{ value }} in ('true', '1'), false) {%- endmacro %}

{# A DECIMAL(12, 2) from the text of a JSON value, rounded half up; null when it is no number. #}
{% macro usd_from_text(value) -%}
    case
        when {{ is_whole_match(value, '-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?') }}
            then try_cast(try_cast({{ value }} as decimal(38, 24)) as decimal(12, 2))
    end
{%- endmacro %}

{# A VARCHAR: the JSON object of these keys and SQL values, in this order; a missing value is null. #}
{% macro json_document(values) -%} {{ return(adapter.dispatch('json_document', 'carton_caps')(values)) }} {%- endmacro %}
{% macro default__json_document(values) -%}
    {%- set pairs = [] -%}
    {%- for key, value in values.items() %}{% do pairs.append("'" ~ key ~ "', " ~ value) %}{% endfor -%}
    cast(json_object({{ pairs | join(', ') }}) as varchar)
{%- endmacro %}

{# A BOOLEAN: whether the whole text matches a pattern that is free of backslashes: engines differ in what those mean inside a literal. #}
{% macro is_whole_match(value, pattern) -%} {{ return(adapter.dispatch('is_whole_match', 'carton_caps')(value, pattern)) }} {%- endmacro %}
{% macro default__is_whole_match(value, pattern) -%} regexp_full_match({{ value }}, '{{ pattern }}') {%- endmacro %}
{% macro spark__is_whole_match(value, pattern) -%} {{ value }} rlike '\\A(?:{{ pattern }})\\z' {%- endmacro %}
