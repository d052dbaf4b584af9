{# A DOUBLE: lower end of the Wilson 95 % interval of a share of units (Wilson 1927, without continuity correction); null without units. #}
{% macro wilson_low(successes, units) -%}
    {%- set z = 1.959963984540054 -%}
    {%- set n = 'cast(' ~ units ~ ' as double)' -%}
    {%- set share = '(' ~ successes ~ ' / ' ~ n ~ ')' -%}
    case
        when {{ successes }} = 0 and {{ units }} > 0 then 0
        when {{ units }} > 0
            then
                round(
                    (
                        {{ share }} + {{ z * z / 2 }} / {{ n }}
                        - {{ z }} * sqrt({{ share }} * (1 - {{ share }}) / {{ n }} + {{ z * z / 4 }} / power({{ n }}, 2))
                    ) / (1 + {{ z * z }} / {{ n }}),
                    9
                )
    end
{%- endmacro %}
