{# The first value that is known, by a moment and, at equal moments, by an id; an aggregate, null when no row has one. #}
{% macro first_known(value, moment, id) -%} {{ return(adapter.dispatch('first_known', 'carton_caps')(value, moment, id)) }} {%- endmacro %}
{% macro default__first_known(value, moment, id) -%} arg_min({{ value }}, ({{ moment }}, {{ id }})) {%- endmacro %}

{# The value of the first row that meets a condition, null when that row has none; the order and the rest as above. #}
{% macro first_of_those(value, condition, moment, id) -%}
    {{ return(adapter.dispatch('first_of_those', 'carton_caps')(value, condition, moment, id)) }}
{%- endmacro %}
{% macro default__first_of_those(value, condition, moment, id) -%}
    arg_min_null({{ value }}, ({{ moment }}, {{ id }})) filter (where {{ condition }})
{%- endmacro %}
