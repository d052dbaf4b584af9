{# A struct of texts, one per key: null for a missing key, a number as its digits, a nested value as JSON text. Parses the document once. #}
{% macro json_texts(document, keys) -%} {{ return(adapter.dispatch('json_texts', 'carton_caps')(document, keys)) }} {%- endmacro %}
{% macro default__json_texts(document, keys) -%}
    {%- set fields = [] -%}
    {%- for key in keys %}{% do fields.append('"' ~ key ~ '": "VARCHAR"') %}{% endfor -%}
    json_transform({{ document }}, '{ {{- fields | join(", ") -}} }')
{%- endmacro %}

{# A BIGINT from the text of a JSON value: a whole number, `12` or `12.0`; null for anything else. #}
{% macro id_from_text(value) -%}
    case
        when regexp_full_match({{ value }}, '-?[0-9]+(\.0+)?') then try_cast(split_part({{ value }}, '.', 1) as bigint)
    end
{%- endmacro %}

{# A VARCHAR from the text of a JSON value: null for empty text, objects and lists. #}
{% macro text_from_text(value) -%}
    case when {{ value }} <> '' and left({{ value }}, 1) not in ('{', '[') then {{ value }} end
{%- endmacro %}

{# A BOOLEAN from the text of a JSON value: true for true, 1, "true" and "1"; false for anything else. #}
{% macro flag_from_text(value) -%} coalesce({{ value }} in ('true', '1'), false) {%- endmacro %}

{# A DECIMAL(12, 2) from the text of a JSON value, rounded half up; null when it is no number. #}
{% macro usd_from_text(value) -%}
    case
        when regexp_full_match({{ value }}, '-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?')
            then try_cast(try_cast({{ value }} as decimal(38, 10)) as decimal(12, 2))
    end
{%- endmacro %}

{# A VARCHAR: the JSON object of these keys and SQL values, in this order; a missing value is null. #}
{% macro json_document(values) -%} {{ return(adapter.dispatch('json_document', 'carton_caps')(values)) }} {%- endmacro %}
{% macro default__json_document(values) -%}
    {%- set pairs = [] -%}
    {%- for key, value in values.items() %}{% do pairs.append("'" ~ key ~ "', " ~ value) %}{% endfor -%}
    cast(json_object({{ pairs | join(', ') }}) as varchar)
{%- endmacro %}
