{# A select item that makes one row per whole number from one to another, both included. #}
{% macro every_number(first, last) -%} {{ return(adapter.dispatch('every_number', 'carton_caps')(first, last)) }} {%- endmacro %}
{% macro default__every_number(first, last) -%} cast(unnest(generate_series({{ first }}, {{ last }})) as integer) {%- endmacro %}
