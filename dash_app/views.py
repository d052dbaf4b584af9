"""The views of the app, six and the health of their data: where they are and what they answer."""

from __future__ import annotations

from typing import NamedTuple


class View(NamedTuple):
    """One entry of the navigation."""

    name: str
    path: str
    title: str
    short: str
    questions: tuple[str, ...]
    #: Those of the filters ``user_type`` and ``state`` that its figures follow; all follow the period.
    narrowed_by: tuple[str, ...] = ()


VIEWS = {
    view.name: view
    for view in (
        View(
            "executive",
            "/",
            "Executive Overview",
            "Executive",
            ("Are we growing?", "How much did schools raise?", "Is the data fresh and sound?"),
            narrowed_by=("user_type", "state"),
        ),
        View(
            "product",
            "/product",
            "Product",
            "Product",
            (
                "Where do users drop in onboarding and in receipt scanning?",
                "Which features drive activation and retention most?",
                "How long until the first qualifying action?",
                "Which change would move scan completion and repeat use?",
            ),
            narrowed_by=("user_type",),
        ),
        View(
            "referral",
            "/referral-program",
            "Referral Program",
            "Referrals",
            (
                "Of the invitations sent, how many are clicked and how many become reward-eligible, by channel, "
                "cohort, school and user type?",
                "Are the 48 hours kept, and what would another window give?",
                "Why did each referral that ended without credit end so?",
            ),
            narrowed_by=("user_type",),
        ),
        View(
            "finance",
            "/finance-forecast",
            "Finance Forecast",
            "Finance",
            (
                "What do we owe in rewards in the next 30, 60 and 90 days?",
                "How do redemptions follow awards, and when is the cash due?",
                "What does an acquired active user cost, by referral and otherwise?",
                "What if conversion rises, or the bonus changes?",
            ),
        ),
        View(
            "network",
            "/network-effects",
            "Network Effects",
            "Network",
            (
                "What is the viral coefficient, and where does it break?",
                "Who are the super-spreaders, beyond luck?",
                "Which schools have growth that compounds?",
            ),
            narrowed_by=("user_type", "state"),
        ),
        View(
            "trust",
            "/trust-safety",
            "Trust & Safety",
            "Trust",
            (
                "Which referrals are of oneself, and which rings work together?",
                "Which clusters look suspicious, and why?",
                "Which rewards are delayed, and which should be withheld?",
            ),
        ),
        View(
            "health",
            "/data-health",
            "Data Health",
            "Health",
            (
                "Was everything delivered, and did it keep its contract?",
                "Did the build pass its tests?",
                "Which days want a hand, and which command mends them?",
            ),
        ),
    )
}
