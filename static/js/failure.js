// Says what failed, keeps what was typed and offers to try again: for all that htmx sends, for a plain form that cannot
// go (plain-form.js), and for the live stream. It listens to the request itself: an element that is gone tells nobody of its
// errors. What the page asks by itself has one message for all of it: what is shown may be old.
(() => {
  const model = document.querySelector("#failure");
  const place = document.querySelector("#toasts");
  if (!model || !place) return;
  const ANSWERS = [409, 422]; // swapped in like a page, and say for themselves what is wrong
  const BY_HAND = /^(click|change|input|submit|palette)/; // events of somebody at the page
  const told = new Map(); // what failed: its toast
  const stale = new Map(); // what the page could not ask again by itself: how to

  const keyOf = ({ requestConfig, pathInfo }) => `${requestConfig.verb} ${pathInfo.requestPath}`;
  const isByItself = ({ verb, elt, triggeringEvent }) =>
    verb === "get" && elt.hasAttribute("hx-trigger") && !BY_HAND.test(triggeringEvent?.type || "");
  const whyOf = (xhr) => {
    if (!xhr.status) return navigator.onLine ? "silent" : "offline";
    return { 401: "out", 403: "old", 404: "gone", 410: "gone", 413: "large", 429: "often", 500: "broken", 507: "full" }[xhr.status]
      || (xhr.status < 500 ? "refused" : "silent");
  };
  // How the button or field that asked is called.
  const nameOf = (elt, submitter) => {
    const form = elt.matches("form") ? elt : null;
    const at = submitter || (form && !form.ariaLabel && form.querySelector("button:not([type=button])")) || elt;
    const label = at.ariaLabel || at.labels?.[0]?.innerText || at.innerText || at.title || document.title;
    return label.replace(/\s+/g, " ").trim().slice(0, 80);
  };

  const clear = (key) => {
    told.get(key)?.remove();
    told.delete(key);
  };
  const say = (key, title, why, again, host = place) => {
    clear(key);
    const toast = model.content.firstElementChild.cloneNode(true);
    toast.querySelector("b").textContent = title(toast.dataset);
    toast.querySelector("span:not(.age)").textContent = why.map((one) => toast.dataset[one]).join(" ");
    toast.querySelector("[data-again]").addEventListener("click", () => {
      clear(key);
      again();
    });
    host.append(toast);
    told.set(key, toast);
  };

  // Sent again as it was: what stands in its form now, or, of one that is gone, what stood there.
  const values = ({ requestConfig, etc }) => {
    const { elt, parameters, triggeringEvent } = requestConfig;
    if (!elt.isConnected) return { ...parameters };
    const submitter = triggeringEvent?.submitter;
    return { ...etc.values, ...(submitter?.name ? { [submitter.name]: submitter.value } : {}) };
  };
  const repeat = async (detail) => {
    const { requestConfig, etc, target, pathInfo, xhr } = detail;
    const { elt, verb, triggeringEvent: event } = requestConfig;
    const at = event?.submitter?.isConnected ? event.submitter : elt;
    if (at.isConnected && at.checkVisibility()) at.focus({ preventScroll: true });
    const sent = values(detail);
    if ([401, 403].includes(xhr.status)) sent.csrfmiddlewaretoken = await freshToken();
    await htmx.ajax(verb, pathInfo.requestPath, {
      source: elt.isConnected ? elt : document.body,
      target: target?.isConnected ? target : document.body,
      swap: target?.isConnected ? etc.swapOverride : "none",
      values: sent,
      event,
    });
  };
  // Whoever signed in again in another tab has another token since.
  const freshToken = async () => {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => (field.value = token));
    return token;
  };

  const sayStale = () => {
    if (!stale.size || document.getElementById("no-signal")) return clear("stale"); // the day's page says it itself
    const again = () => [...stale.values()].forEach((ask) => ask());
    say("stale", (words) => words.stale, [navigator.onLine ? "unfresh" : "offline"], again);
  };
  const grow = (key, ask) => {
    stale.set(key, ask);
    sayStale();
  };
  const shrink = (key) => stale.delete(key) && sayStale();

  const fail = (detail, why) => {
    const { elt, verb, triggeringEvent } = detail.requestConfig;
    if (isByItself(detail.requestConfig)) {
      // Refused: gone, or not ours any more; asking again would not help.
      if (!detail.xhr.status || detail.xhr.status === 401 || detail.xhr.status >= 500) grow(keyOf(detail), () => repeat(detail));
      return;
    }
    const isUnsure = verb !== "get" && ["silent", "slow"].includes(why);
    const title = (words) =>
      (verb === "get" ? words.unread : isUnsure ? words.unsure : words.unsaved)
        .replace("{what}", nameOf(elt, triggeringEvent?.submitter));
    const isTyped = verb !== "get" && elt.isConnected && elt.closest("form")?.querySelector("textarea, input:not([type=hidden])");
    // Over everything else: what lies below an open dialog can't be reached.
    const host = elt.closest("dialog[open], [popover]:popover-open") || document.querySelector("dialog:modal") || place;
    say(keyOf(detail), title, isTyped ? [why, "kept"] : [why], () => repeat(detail), host);
  };

  // Signed out meanwhile: the answer leads to the sign-in page, away from what was typed. Who clicked a link may go.
  const isLeaving = ({ xhr, requestConfig }) =>
    xhr.status === 401 && requestConfig.verb === "get" && !isByItself(requestConfig);
  document.addEventListener("htmx:beforeOnLoad", (event) =>
    event.detail.xhr.status === 401 && !isLeaving(event.detail) && event.preventDefault());

  document.addEventListener("htmx:beforeSend", ({ detail }) => {
    const { xhr } = detail;
    xhr.addEventListener("error", () => fail(detail, whyOf(xhr)));
    xhr.addEventListener("timeout", () => fail(detail, "slow"));
    xhr.addEventListener("load", () => {
      if (isLeaving(detail)) return;
      if (xhr.status >= 400 && !ANSWERS.includes(xhr.status)) return fail(detail, whyOf(xhr));
      clear(keyOf(detail));
      shrink(keyOf(detail));
    });
  });
  // htmx refuses its promise without a reason where this has said it.
  addEventListener("unhandledrejection", (event) => event.reason === undefined && event.preventDefault());

  // plain-form.js
  document.addEventListener("unsent", ({ target: form, detail: { submitter, go } }) => {
    const title = ({ unsaved }) => unsaved.replace("{what}", nameOf(form, submitter));
    const why = navigator.onLine ? "silent" : "offline";
    say(`form ${form.action}`, title, [why, "kept"], go, form.closest("dialog[open]") || place);
  });

  addEventListener("offline", () => grow("network", () => {}));
  addEventListener("online", () => {
    shrink("network");
    [...stale.values()].forEach((ask) => ask());
  });
  // hints.js
  document.addEventListener("live", ({ detail }) =>
    detail ? shrink("live") : grow("live", () => document.dispatchEvent(new Event("live:again"))));

  // A dialog that stays in the page keeps no message of last time.
  document.addEventListener("close", (event) => event.target.querySelectorAll?.(".is-failure").forEach((one) => one.remove()), true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F8") return;
    event.preventDefault();
    (document.querySelector("dialog:modal .is-failure button") || place.querySelector(".toast:last-child :is(button, a)") || place).focus();
  });
})();
