{# A DOUBLE: lower end of the 95 % interval of a mean count per unit. On the logarithm, so that it stays above zero: mean / exp(z se / mean), the
   delta method on independent units (Casella and Berger, Statistical Inference, 2002, section 5.5.4). 0 for no count at all, null without units. #}
{% macro mean_count_low(total, total_of_squares, units) -%}
    {%- set mean = '(' ~ total ~ ' / cast(' ~ units ~ ' as double))' -%}
    case
        when {{ units }} > 0 and {{ total }} = 0 then 0
        when {{ units }} > 0
            then round({{ mean }} / exp(1.959963984540054 * sqrt({{ mean_count_variance(total, total_of_squares, units) }}) / {{ mean }}), 9)
    end
{%- endmacro %}
