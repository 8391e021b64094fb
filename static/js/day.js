// Keeps the day's page ([data-worker][data-day]: its worker and URL) readable without a network. The worker
// answers with it; sign-out, another member's page and 72 hours delete it. What is changed there is outbox.js's.
(() => {
  const PLACE = "day"; // of the browser's caches; the worker reads it
  const LONGEST = 72 * 60 * 60 * 1000; // milliseconds
  const PATIENCE = 30 * 1000; // milliseconds for an answer
  const forget = () => window.caches?.delete(PLACE);
  document.addEventListener("submit", (event) => {
    if (event.target.action?.endsWith("/account/logout/") && !event.defaultPrevented) forget();
  });
  const day = document.querySelector("[data-worker][data-day]");
  if (!day) {
    if (document.querySelector("input[name=password]")) forget();
    return;
  }
  if (!("serviceWorker" in navigator) || !window.caches) return;

  const files = (page) =>
    [...page.querySelectorAll("link[rel=stylesheet], script[src], use")]
      .map((one) => one.getAttribute("href") || one.getAttribute("src"))
      .filter(Boolean)
      .map((name) => name.split("#")[0])
      .filter(Boolean);
  // Returns whether the server answered. What it says to somebody who is signed out is not kept.
  async function fetchDay() {
    let answer;
    try {
      answer = await fetch(day.dataset.day, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(PATIENCE) });
    } catch {
      return false;
    }
    if (!answer.ok || answer.redirected) {
      await forget();
      return true;
    }
    const text = await answer.text();
    document.dispatchEvent(new CustomEvent("day", { detail: text }));
    const headers = new Headers(answer.headers);
    headers.set("X-Kept-At", Date.now());
    headers.delete("Content-Encoding");
    await forget();
    const cache = await caches.open(PLACE);
    await cache.put(day.dataset.day, new Response(text, { headers }));
    await cache.addAll([...new Set(files(new DOMParser().parseFromString(text, "text/html")))]);
    day.dataset.kept = "";
    return true;
  }
  // One at a time: the next would delete what the last is about to keep. device.js empties the device under this lock.
  const keep = () => navigator.locks.request("day", fetchDay);
  async function show() {
    const isReached = await keep();
    const strip = document.getElementById("no-signal");
    if (strip) strip.hidden = isReached;
    return isReached;
  }
  // In the place of another page, the day's page gives way to it.
  const isInPlace = document.getElementById("no-signal") && location.pathname !== day.dataset.day;
  addEventListener("online", async () => {
    if (await show() && isInPlace) location.reload();
  });
  addEventListener("offline", show);
  document.body.addEventListener("followups", show);
  setTimeout(forget, LONGEST);
  const scope = day.dataset.day.slice(0, -"today/".length);
  navigator.serviceWorker.register(day.dataset.worker, { scope }).then(show, show);
})();
