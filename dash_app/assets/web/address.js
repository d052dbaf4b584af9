window.carton = window.carton || {};

// Writes `params` for the keys `mine` into the address and leaves the other keys as they are: filters and a view's own
// choices stand side by side. Replaced, not pushed: Back leaves the page instead of undoing one choice after the other.
window.carton.writeAddress = (mine, params) => {
  const query = new URLSearchParams(window.location.search);
  mine.forEach((key) => query.delete(key));
  Object.entries(params).forEach(([key, value]) => query.set(key, value));
  const text = query.toString().replaceAll("%2C", ",");
  window.history.replaceState(window.history.state, "", window.location.pathname + (text ? `?${text}` : "") + window.location.hash);
};
