"""Ways in: marketing channels that bring strangers, and invite channels that bring friends."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MarketingChannel:
    """Where an account came from; cost is the mean USD spent per sign-up, None when nobody pays."""

    name: str
    share: float  # of the sign-ups that no friend brought
    usd_per_signup: float | None


MARKETING_CHANNELS = (
    MarketingChannel("organic", 0.42, None),
    MarketingChannel("paid_social", 0.20, 9.50),
    MarketingChannel("paid_search", 0.12, 11.00),
    MarketingChannel("influencer", 0.08, 7.00),
    MarketingChannel("partner", 0.06, 5.50),
    MarketingChannel("school_campaign", 0.12, 3.00),
)
REFERRAL_CHANNEL = "referral"
CHANNEL_NAMES = (*(channel.name for channel in MARKETING_CHANNELS), REFERRAL_CHANNEL)


@dataclass(frozen=True)
class InviteChannel:
    """How an invitation travels."""

    name: str
    share: float
    clicked: float  # of those sent
    installed: float  # of those clicked
    names_an_email: float  # how often the invitation carries the friend's address


INVITE_CHANNELS = (
    InviteChannel("sms", 0.38, 0.62, 0.50, 0.10),
    InviteChannel("email", 0.20, 0.42, 0.40, 1.00),
    InviteChannel("whatsapp", 0.18, 0.60, 0.48, 0.0),
    InviteChannel("social_post", 0.16, 0.35, 0.30, 0.0),
    InviteChannel("school_flyer", 0.08, 0.50, 0.60, 0.0),
)
INVITE_CHANNEL_NAMES = tuple(channel.name for channel in INVITE_CHANNELS)
