{# A value of a row that a changed file replaced, out of the JSON it is kept as. #}
{% macro superseded_value(column, type='string') -%}
    cast({{ json_text('row_json', column) }} as {{ type }})
{%- endmacro %}
