// Toasts after an act: gone after 15 seconds, but not while they are looked at (hover, focus, another tab);
// what went wrong stays until it is dismissed.
(() => {
  const place = document.querySelector("#toasts");
  if (!place) return;
  const SHOWN = 15;
  const MOST = 3;
  const KEPT = 100; // news that a browser remembers to have told
  const left = new WeakMap();

  setInterval(() => {
    if (document.hidden || place.matches(":hover, :focus-within")) return;
    place.querySelectorAll("[data-fades]").forEach((toast) => {
      const seconds = (left.get(toast) ?? SHOWN) - 1;
      seconds > 0 ? left.set(toast, seconds) : toast.remove();
    });
  }, 1000);

  // News comes with every answer of the navigation's numbers; a browser tells each once, and none of the page it is on.
  const announce = () => place.querySelectorAll("[data-once][hidden]").forEach((toast) => {
    const told = JSON.parse(localStorage.getItem("told") || "[]");
    const isKnown = told.includes(toast.dataset.once);
    if (!isKnown) localStorage.setItem("told", JSON.stringify([...told, toast.dataset.once].slice(-KEPT)));
    if (isKnown || toast.querySelector("a").pathname === location.pathname) toast.remove();
    else toast.hidden = false;
  });
  const tidy = () => [...place.querySelectorAll("[data-fades]")].slice(0, -MOST).forEach((toast) => toast.remove());
  new MutationObserver(() => { announce(); tidy(); }).observe(place, { childList: true });

  document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".toast").remove());
  // An act taken back is not offered again; one that the server failed to take back is (failure.js).
  document.addEventListener("htmx:afterRequest", (event) => {
    const act = event.target.closest?.("#toasts form");
    act && event.detail.xhr.status && event.detail.xhr.status < 500 ? act.closest(".toast").remove() : 0;
  });
})();
