{# A VARCHAR: trimmed, lower-cased; the part from `+` on is dropped for providers that ignore it, dots in the local part for Gmail, whose second
   domain becomes the first. An address splits at its last `@`; without one the whole text is the key. #}
{% macro email_key(email) -%}
    {%- set text = trimmed_lower(email) -%}
    {%- set local_part = "regexp_extract(" ~ text ~ ", '^(?s:(.*))@', 1)" -%}
    {%- set domain = text_after_last(text, '@') -%}
    {%- set without_plus = text_before_first(local_part, '+') -%}
    case
        when {{ text }} not like '%@%' then {{ text }}
        when {{ domain }} in ('gmail.com', 'googlemail.com') then replace({{ without_plus }}, '.', '') || '@gmail.com'
        when {{ domain }} in ('outlook.com', 'hotmail.com', 'live.com', 'icloud.com', 'fastmail.com', 'proton.me', 'protonmail.com')
            then {{ without_plus }} || '@' || {{ domain }}
        else {{ text }}
    end
{%- endmacro %}
