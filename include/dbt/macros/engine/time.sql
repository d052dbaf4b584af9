{# Times that engines write differently. Each has one implementation per engine, chosen by adapter.dispatch. #}

{# A DATE: the Monday of the week of a timestamp or date. #}
{% macro monday_of(moment) -%} cast(date_trunc('week', {{ moment }}) as date) {%- endmacro %}

{# A TIMESTAMP: so many hours after a timestamp; `hours` may be a column. #}
{% macro hours_after(moment, hours) -%} {{ return(adapter.dispatch('hours_after', 'carton_caps')(moment, hours)) }} {%- endmacro %}
{% macro default__hours_after(moment, hours) -%} ({{ moment }} + to_hours(cast({{ hours }} as integer))) {%- endmacro %}
{% macro spark__hours_after(moment, hours) -%} timestampadd(hour, cast({{ hours }} as integer), {{ moment }}) {%- endmacro %}

{# A DOUBLE: hours from one timestamp to a later one, fractions kept. #}
{% macro hours_between(earlier, later) -%} {{ return(adapter.dispatch('hours_between', 'carton_caps')(earlier, later)) }} {%- endmacro %}
{% macro default__hours_between(earlier, later) -%} (epoch_us({{ later }} - {{ earlier }}) / cast(3600000000 as double)) {%- endmacro %}
{% macro spark__hours_between(earlier, later) -%} (timestampdiff(microsecond, {{ earlier }}, {{ later }}) / cast(3600000000 as double)) {%- endmacro %}

{# An INTEGER: whole calendar days from one date to another, negative when the second is earlier. #}
{% macro days_between(earlier, later) -%} {{ return(adapter.dispatch('days_between', 'carton_caps')(earlier, later)) }} {%- endmacro %}
{% macro default__days_between(earlier, later) -%} cast(date_diff('day', {{ earlier }}, {{ later }}) as integer) {%- endmacro %}
{% macro spark__days_between(earlier, later) -%} datediff({{ later }}, {{ earlier }}) {%- endmacro %}

{# A VARCHAR: the English name of the weekday, `Monday`. #}
{% macro weekday_name(moment) -%} {{ return(adapter.dispatch('weekday_name', 'carton_caps')(moment)) }} {%- endmacro %}
{% macro default__weekday_name(moment) -%} dayname({{ moment }}) {%- endmacro %}
{# dayname of Spark is `Mon`. #}
{% macro spark__weekday_name(moment) -%} date_format({{ moment }}, 'EEEE') {%- endmacro %}

{# A DATE: so many days after a date, before it when negative. #}
{% macro days_after(day, days) -%} {{ return(adapter.dispatch('days_after', 'carton_caps')(day, days)) }} {%- endmacro %}
{% macro default__days_after(day, days) -%} cast({{ day }} + to_days({{ days }}) as date) {%- endmacro %}

{# A select item that makes one row per DATE from one date to another, both included; no row when either is null. #}
{% macro every_day(first_day, last_day) -%} {{ return(adapter.dispatch('every_day', 'carton_caps')(first_day, last_day)) }} {%- endmacro %}
{% macro default__every_day(first_day, last_day) -%}
    cast(unnest(generate_series(cast({{ first_day }} as timestamp), cast({{ last_day }} as timestamp), interval 1 day)) as date)
{%- endmacro %}
