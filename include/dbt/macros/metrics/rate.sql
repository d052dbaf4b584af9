{# A DOUBLE: a share of units, rounded so that it is the same in every build; null without units. #}
{% macro rate(successes, units) -%} round(cast({{ successes }} as double) / nullif({{ units }}, 0), 9) {%- endmacro %}
