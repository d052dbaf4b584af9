"""Products: what earns points. A fixed shelf; prices and points come from the seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from include.generator.config import SimulationConfig
from include.generator.personas import PERSONAS
from include.generator.seasons import (
    DAY_SECONDS,
    PROMOTION_FACTOR_PERCENT,
    PROMOTION_TURNS,
    is_promoted,
    promotion_turn,
)
from include.generator.streams import stream

# Per category: the price range in cents, the points per dollar in hundredths, and the shelf.
SHELF: dict[str, tuple[int, int, int, str]] = {
    "cereal": (299, 699, 200, "Honey Oat Rings, Corn Flakes, Bran Squares, Cocoa Puffs, Muesli Mix, Rice Pops"),
    "snacks": (199, 899, 150, "Granola Bars, Fruit Pouch, Peanut Crackers, Trail Mix, Pretzel Twists, Popcorn"),
    "pantry": (149, 999, 100, "Whole Wheat Pasta, Rice Pilaf, Tomato Sauce, Canned Corn, Mac and Cheese, Flour"),
    "frozen": (349, 1299, 100, "Frozen Pizza, Veggie Nuggets, Waffles, Berry Mix, Fish Sticks"),
    "dairy": (149, 799, 100, "Yogurt Cups, Cheddar Block, String Cheese, Milk Carton"),
    "household": (399, 1999, 125, "Paper Towels, Dish Soap, Laundry Pods, Trash Bags, Tissues"),
    "office": (99, 1499, 250, "Crayons, Notebook Pack, Glue Sticks, Markers, Folders"),
    "drinks": (129, 899, 100, "Apple Juice Box, Sparkling Water, Iced Tea, Lemonade"),
}
FAVOURITE_FACTOR = 3.0
PROMOTED_FACTOR = 1.6  # a promoted product sells so much more often
POPULARITY_EXPONENT = 0.8  # the k-th most popular product sells k to the power of -0.8 as often


@dataclass(frozen=True)
class Products:
    """One entry per product; ``product_id`` is the position + 1."""

    name: tuple[str, ...]
    description: tuple[str, ...]
    category: tuple[str, ...]
    price_cents: np.ndarray
    points_per_dollar_hundredths: np.ndarray
    created_at: np.ndarray  # seconds
    preference: np.ndarray  # shape (turns, personas, products): cumulative shares, by the turn of promotions

    def __len__(self) -> int:
        return len(self.name)


def make_products(config: SimulationConfig, epoch_day: int) -> Products:
    """The whole shelf with prices ending in 9."""
    rng = stream(config.seed, "products")
    rows = [(name, category) for category, shelf in SHELF.items() for name in shelf[3].split(", ")]
    names, categories = zip(*rows, strict=True)
    lowest = np.array([SHELF[category][0] for category in categories])
    highest = np.array([SHELF[category][1] for category in categories])
    price = rng.integers(lowest, highest, endpoint=True) // 10 * 10 + 9
    popularity = rng.permutation(len(rows)) + 1.0
    favourite = np.array([[category in persona.favourites for category in categories] for persona in PERSONAS])
    weight = popularity**-POPULARITY_EXPONENT * np.where(favourite, FAVOURITE_FACTOR, 1.0)
    on_turn = np.array([is_promoted(np.arange(len(rows)) + 1, turn * 7) for turn in range(PROMOTION_TURNS)])
    weight = weight * np.where(on_turn, PROMOTED_FACTOR, 1.0)[:, None, :]
    return Products(
        name=names,
        description=tuple(f"{name}, a {category} product that earns points for schools" for name, category in rows),
        category=categories,
        price_cents=price.astype(np.int64),
        points_per_dollar_hundredths=np.array([SHELF[category][2] for category in categories], dtype=np.int64),
        created_at=epoch_day * DAY_SECONDS - rng.integers(30, 900, len(rows)) * DAY_SECONDS,
        preference=np.cumsum(weight / weight.sum(axis=2, keepdims=True), axis=2),
    )


def pick_products(products: Products, persona: np.ndarray, draws: np.ndarray, day: np.ndarray | int) -> np.ndarray:
    """The position of one product per buyer, by persona and the day's promotions; draws are uniform in [0, 1)."""
    chosen = np.zeros(len(persona), dtype=np.int64)
    turn = promotion_turn(np.asarray(day))
    for now in np.unique(turn):
        for code in range(len(PERSONAS)):
            buyers = (persona == code) & (turn == now)
            chosen[buyers] = np.searchsorted(products.preference[now, code], draws[buyers], side="right")
    return np.minimum(chosen, len(products) - 1)


def paid_cents(products: Products, product: np.ndarray, quantity: np.ndarray, day: np.ndarray | int) -> np.ndarray:
    """What a receipt line costs: list price times quantity, a fifth less in a promotion; rounded down to the cent."""
    percent = np.where(is_promoted(product + 1, day), PROMOTION_FACTOR_PERCENT, 100)
    return products.price_cents[product] * quantity * percent // 100
