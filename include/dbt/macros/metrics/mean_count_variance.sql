{# A DOUBLE: variance of the mean of a count per unit, out of the sums of the counts and of their squares; the unit is the cluster, here a referrer with
   all their offspring. The counts are taken to scatter at least as much as a Poisson count does, whose variance is its mean: few units that happen to
   agree do not make a mean certain, and one unit alone has no variance of its own. Null without units. #}
{% macro mean_count_variance(total, total_of_squares, units) -%}
    {%- set n = 'cast(' ~ units ~ ' as double)' -%}
    case
        when {{ units }} > 1
            then greatest(({{ total_of_squares }} - {{ total }} * {{ total }} / {{ n }}) / ({{ n }} - 1), {{ total }} / {{ n }}) / {{ n }}
        when {{ units }} = 1 then {{ total }} / {{ n }}
    end
{%- endmacro %}
