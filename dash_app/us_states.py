"""The states, districts, territories and military regions a school's address can name."""

from __future__ import annotations

_ON_THE_MAP = """
AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|
DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|
LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|
NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|
OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|
UT Utah|VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming"""
_BESIDE_THE_MAP = """
AS American Samoa|GU Guam|MP Northern Mariana Islands|PR Puerto Rico|VI U.S. Virgin Islands|
AA Armed Forces Americas|AE Armed Forces Europe|AP Armed Forces Pacific"""


def _named(listed: str) -> dict[str, str]:
    return {entry[:2]: entry[3:] for entry in listed.replace("\n", "").split("|")}


#: Two letters -> name, of the 50 states and DC, which the vendored map draws.
ON_THE_MAP = _named(_ON_THE_MAP)
#: Two letters -> name, of every region that counts as an address in the United States.
STATES = ON_THE_MAP | _named(_BESIDE_THE_MAP)
