// The inbox: a row opens its conversation beside the list, which stays where it is. On a phone, and for a new tab, the
// row is a link. The thread stands at its end, and stays there when something comes while one reads the end.
(() => {
  const inbox = document.getElementById("inbox");
  if (!inbox) return;
  const narrow = matchMedia("(max-width: 47.99rem)");
  const log = () => document.getElementById("thread-log");
  // How far the end of the thread is below what one sees of it. On a phone the page scrolls, and goes on below the thread.
  const below = () => {
    const of = log();
    if (!narrow.matches) return of.scrollHeight - of.scrollTop - of.clientHeight;
    const bar = document.querySelector(".tabbar")?.offsetHeight ?? 0;
    return document.getElementById("thread-foot").getBoundingClientRect().bottom - (innerHeight - bar);
  };

  const mark = () => {
    const number = document.getElementById("conversation")?.dataset.number;
    document.querySelectorAll(".ticket").forEach((row) => {
      const is_open = row.dataset.number === number;
      row.classList.toggle("is-open", is_open);
      const link = row.querySelector("h2 a");
      if (is_open) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };
  const toEnd = () => {
    if (!log() || location.hash || new URLSearchParams(location.search).has("earlier")) return;
    (narrow.matches ? document.scrollingElement : log()).scrollTop += below();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".ticket h2 a");
    if (!link || narrow.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    inbox.classList.add("has-thread");
    htmx.ajax("GET", link.getAttribute("href"), { source: link, target: "#conversation", swap: "outerHTML" });
  });

  // What comes after the open one in the list, or before it at its end: there one goes on.
  const nextLink = () => {
    const rows = [...document.querySelectorAll(".ticket")], at = rows.findIndex((row) => row.classList.contains("is-open"));
    return (rows[at + 1] || (at < 0 ? null : rows[at - 1]))?.querySelector("h2 a");
  };
  if (inbox.hasAttribute("data-opens-next")) {
    document.addEventListener("htmx:configRequest", ({ detail }) => {
      const asks = ["act", "pick", "channel", "remove", "preview"].some((name) => detail.parameters[name]);
      if (detail.elt.id === "write-form" && !asks) {
        detail.parameters.next = nextLink()?.getAttribute("href") || document.querySelector(".inbox-list").dataset.place;
      }
    });
    document.addEventListener("htmx:beforeRequest", ({ detail }) => {
      if (!detail.elt.querySelector?.("#acts [data-act=solve]")) return;
      const link = nextLink();
      detail.xhr.addEventListener("load", () => {
        if (detail.xhr.status !== 200 || narrow.matches) return;
        if (link) htmx.ajax("GET", link.getAttribute("href"), { target: "#conversation", swap: "outerHTML" });
      });
    });
  }

  let wasAtEnd = true;
  document.addEventListener("htmx:beforeSwap", () => {
    wasAtEnd = !log() || below() < 80;
  });
  // A mail that is drawn grows (mail-frame.js).
  document.addEventListener("mail:resize", () => { wasAtEnd = !log() || below() < 80; });
  document.addEventListener("mail:resized", () => wasAtEnd && toEnd());
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const id = detail.elt?.id || detail.target?.id;
    if (id === "conversation") {
      document.title = document.querySelector("#thread-head h1")?.textContent.trim() || document.title;
      toEnd();
    } else if ((id === "thread-part" || id === "composer") && wasAtEnd) toEnd();
    if (id === "conversation" || id === "rows") mark();
  });
  toEnd();
})();
