{# A query of rows typed in: `columns` names them, each of `rows` gives SQL literals in that order. #}
{% macro listed_rows(columns, rows) -%}
    {%- for row in rows -%}
        select
        {%- for column in columns %} {{ row[loop.index0] }} as {{ column }}{% if not loop.last %},{% endif %}{% endfor -%}
        {%- if not loop.last %} union all {% endif -%}
    {%- endfor -%}
{%- endmacro %}
