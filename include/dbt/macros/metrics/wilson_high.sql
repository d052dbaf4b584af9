{# A DOUBLE: upper end of the Wilson 95 % interval of a share of units: what is left when the share of the others is at its lower end. #}
{% macro wilson_high(successes, units) -%} round(1 - {{ wilson_low('(' ~ units ~ ' - ' ~ successes ~ ')', units) }}, 9) {%- endmacro %}
