{# A DOUBLE: how far a count lies above (or, negative, below) an expected count, in standard deviations of pure counting. Between square roots the scatter
   of counts is the same, 1, whatever their size; 3/8 makes that true of small ones too (Anscombe). #}
{% macro count_distance(actual, expected) -%} (2 * (sqrt({{ actual }} + 0.375) - sqrt({{ expected }} + 0.375))) {%- endmacro %}
