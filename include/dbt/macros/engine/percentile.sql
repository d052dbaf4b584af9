{# A DOUBLE: the value below which this share of the non-null values lies, interpolated between neighbours; an aggregate. #}
{% macro percentile(value, share) -%} {{ return(adapter.dispatch('percentile', 'carton_caps')(value, share)) }} {%- endmacro %}
{% macro default__percentile(value, share) -%} quantile_cont({{ value }}, {{ share }}) {%- endmacro %}
