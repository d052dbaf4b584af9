"""Event types of the source, by code, and the words that their details stand for."""

from __future__ import annotations

EVENT_TYPES = (
    "install",
    "signup",
    "app_open",
    "onboarding_started",
    "onboarding_complete",
    "school_linked",
    "invite_sent",
    "invite_clicked",
    "referral_applied",
    "receipt_scan_started",
    "receipt_scan_submitted",
    "receipt_scan_completed",
    "receipt_scan_failed",
    "incentive_viewed",
    "reward_awarded",
    "reward_redeemed",
    "reward_withheld",
    "payment_method_added",
)
(
    INSTALL,
    SIGNUP,
    APP_OPEN,
    ONBOARDING_STARTED,
    ONBOARDING_COMPLETE,
    SCHOOL_LINKED,
    INVITE_SENT,
    INVITE_CLICKED,
    REFERRAL_APPLIED,
    SCAN_STARTED,
    SCAN_SUBMITTED,
    SCAN_COMPLETED,
    SCAN_FAILED,
    INCENTIVE_VIEWED,
    REWARD_AWARDED,
    REWARD_REDEEMED,
    REWARD_WITHHELD,
    PAYMENT_METHOD_ADDED,
) = range(len(EVENT_TYPES))

REFERRER_BONUS, REFERRED_BONUS = 0, 1
REWARD_TYPES = ("referrer_bonus", "referred_bonus")
# What the phone sends: these carry device, platform and version. The rest comes from the server, and a click from
# somebody who is not a user yet: the sender's device in it would look like a self-referral.
FROM_SERVER = (INVITE_CLICKED, REWARD_AWARDED, REWARD_REDEEMED, REWARD_WITHHELD)
