// A list of ageing things refreshes itself when the next of its rows crosses into another level, and when
// the page becomes visible again. The server says when ([data-crossing], ISO time); nothing is polled.
(() => {
  const LONGEST = 24 * 3600 * 1000; // setTimeout overflows beyond 24.8 days
  let timer;

  // A region that hears hints is refreshed by refresh.js, which takes nothing out of anybody's hands.
  const ask = (list) => "topics" in list.dataset
    ? document.dispatchEvent(new CustomEvent("crossed", { detail: list })) : htmx.trigger(list, "crossing");
  const refresh = () => document.querySelectorAll("[data-crossing]").forEach(ask);
  const schedule = () => {
    clearTimeout(timer);
    const times = [...document.querySelectorAll("[data-crossing]")].map((list) => Date.parse(list.dataset.crossing));
    const next = Math.min(...times.filter(Boolean));
    if (!Number.isFinite(next)) return;
    const wait = Math.max(1000, next - Date.now() + 500);
    timer = setTimeout(wait > LONGEST ? schedule : () => document.hidden || refresh(), Math.min(wait, LONGEST));
  };

  let hiddenAt = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (Date.now() - hiddenAt > 30000) refresh();
    else schedule();
  });
  document.addEventListener("htmx:afterSettle", schedule);
  schedule();
})();
