{# Select items: how many referrals reached each step, over the mature ones of a group of int_referral_steps. #}
{% macro referral_step_counts() -%}
    count(*) as sent,
    cast(sum(case when is_mature then 1 else 0 end) as bigint) as mature_sent,
    {%- for step in ['clicked', 'installed', 'applied', 'applied_without_click', 'onboarded', 'qualified', 'become_eligible', 'been_awarded'] %}
    cast(sum(case when is_mature and has_{{ step }} then 1 else 0 end) as bigint) as {{ step | replace('become_', '') | replace('been_', '') }}
    {%- if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}
