// Keeps the day's page ([data-day]: its URL, data-worker: the service worker) readable without a network. The worker
// answers with it; sign-out, another member's page and 72 hours delete it.
(() => {
  const PLACE = "day"; // of the browser's caches; the worker reads it
  const LONGEST = 72 * 60 * 60 * 1000; // milliseconds
  const forget = () => window.caches?.delete(PLACE);
  document.addEventListener("submit", (event) => {
    if (event.target.action?.endsWith("/account/logout/")) forget();
  });
  const day = document.querySelector("[data-day]");
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
  async function keep() {
    let answer;
    try {
      answer = await fetch(day.dataset.day, { headers: { Accept: "text/html" } });
    } catch {
      return false;
    }
    if (!answer.ok || answer.redirected) {
      await forget();
      return true;
    }
    const text = await answer.text();
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
  async function show() {
    const isReached = await keep();
    const strip = document.getElementById("no-signal");
    if (strip) strip.hidden = isReached;
    return isReached;
  }
  addEventListener("online", async () => {
    if (await show() && document.getElementById("no-signal")) location.reload();
  });
  addEventListener("offline", show);
  document.body.addEventListener("followups", keep);
  setTimeout(forget, LONGEST);
  const scope = day.dataset.day.slice(0, -"today/".length);
  navigator.serviceWorker.register(day.dataset.worker, { scope }).then(show, show);
})();
