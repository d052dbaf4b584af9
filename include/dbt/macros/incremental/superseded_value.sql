{# A value of a row that a changed file replaced, out of the JSON it is kept as. #}
{% macro superseded_value(column, type='varchar') -%}
    cast(row_json ->> '$.{{ column }}' as {{ type }})
{%- endmacro %}
