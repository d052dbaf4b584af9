{# A DOUBLE: upper end of the 95 % interval of a mean count per unit: mean * exp(z se / mean). For no count at all the exact Poisson limit,
   -ln(0.025) / units (Garwood 1936). Null without units. #}
{% macro mean_count_high(total, total_of_squares, units) -%}
    {%- set mean = '(' ~ total ~ ' / cast(' ~ units ~ ' as double))' -%}
    case
        when {{ units }} > 0 and {{ total }} = 0 then round(3.688879454113936 / {{ units }}, 9)
        when {{ units }} > 0
            then round({{ mean }} * exp(1.959963984540054 * sqrt({{ mean_count_variance(total, total_of_squares, units) }}) / {{ mean }}), 9)
    end
{%- endmacro %}
