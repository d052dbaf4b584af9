{# A relation with one column, calendar_date: every DATE from `first` to `last`, both included; empty when `first` is null or later than `last`. #}
{% macro calendar(first, last) -%} {{ return(adapter.dispatch('calendar', 'carton_caps')(first, last)) }} {%- endmacro %}
{% macro default__calendar(first, last) -%}
    select cast(unnest(generate_series({{ first }}, {{ last }}, interval 1 day)) as date) as calendar_date
{%- endmacro %}
