// The day's page at work, with a signal or without: its forms go through the outbox (outbox.js), which sends at once if it
// can. What waits is listed, marked at its follow-up, and can be taken back until it is on its way.
(() => {
  const panel = document.getElementById("waiting");
  if (!panel || !self.outbox) return;
  const { outbox: url, member } = panel.dataset;
  const list = document.getElementById("outbox");
  const line = document.getElementById("waiting-line");
  const notKept = document.getElementById("not-kept");
  const { lang } = document.documentElement;
  const moment = new Intl.DateTimeFormat(lang, { weekday: "short", hour: "numeric", minute: "2-digit" });
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name] || "").trim();
  const stopOf = (act) => document.getElementById(`s${act.fields.follow_up}`);

  const showAct = (act) => {
    const row = line.content.cloneNode(true);
    const isRefused = act.state === "refused";
    row.querySelector("li").dataset.id = act.id;
    row.querySelector(".words").textContent = act.words;
    row.querySelector(".subject").textContent = act.subject;
    row.querySelector("time").textContent = moment.format(act.made);
    const why = act.why || (isRefused ? panel.dataset.refused : "");
    row.querySelector(".error").textContent = why;
    row.querySelector(".error").hidden = !why;
    const button = row.querySelector("button");
    button.hidden = act.isTried && !isRefused;
    row.querySelector(".undo").hidden = isRefused;
    row.querySelector(".delete").hidden = !isRefused;
    button.ariaLabel = fill(isRefused ? button.dataset.delete : button.dataset.undo, { what: act.words });
    return row;
  };
  const sayCount = (waiting) => document.querySelectorAll("[data-count-words]").forEach((words) => {
    words.dataset.none ??= words.textContent;
    if (waiting) words.textContent = waiting === 1 ? panel.dataset.one : panel.dataset.many.replace("{n}", waiting);
    else words.textContent = words.dataset.none;
    words.hidden = !words.textContent;
  });
  const markStops = (acts) => {
    document.querySelectorAll(".stop .held-list").forEach((marks) => marks.replaceChildren());
    document.querySelectorAll(".stop summary > .held").forEach((mark) => { mark.hidden = true; });
    acts.forEach((act) => {
      const stop = stopOf(act);
      if (!stop) return;
      stop.querySelector("summary > .held").hidden = false;
      const mark = Object.assign(document.createElement("li"), { className: "held", textContent: act.words });
      stop.querySelector(".held-list").append(mark);
    });
  };
  async function draw() {
    const acts = await outbox.of(member).catch(() => null);
    panel.ariaBusy = "false";
    if (!acts) return; // the store can't be read
    list.replaceChildren(...acts.map(showAct));
    sayCount(acts.length);
    markStops(acts);
  }

  // Words for the list, from what the form says: "Done: Reached".
  const wordsOf = (form, button, fields) => {
    const values = { ...fields };
    const chosen = form.elements.outcome?.selectedOptions[0];
    if (chosen) values.outcome = chosen.textContent;
    return fill(button?.dataset.words || form.dataset.words, values).slice(0, 120);
  };
  const seenOf = (stop) => {
    if (!stop) return {};
    const { uid, version, due, who, as_of, job } = stop.dataset;
    return { follow_up: uid, version, due, who, as_of, ...(job ? { job } : {}) };
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const act = form.dataset.actOffline;
    if (!act || !crypto.randomUUID) return;
    event.preventDefault();
    const stop = form.closest(".stop");
    const typed = Object.fromEntries(new FormData(form, event.submitter));
    delete typed.csrfmiddlewaretoken;
    const words = wordsOf(form, event.submitter, typed);
    const wasKept = await outbox.add({
      key: crypto.randomUUID(),
      url, member, act, words,
      made: Date.now(),
      state: "waiting",
      subject: stop?.dataset.subject || "",
      fields: { ...typed, ...seenOf(stop) },
    }).then(() => true, () => false);
    notKept.hidden = wasKept;
    if (!wasKept) return form.append(notKept); // below what was typed, which stays
    form.reset();
    form.closest(".stop-act")?.removeAttribute("open");
    navigator.storage?.persist?.();
  }, { capture: true }); // before plain-form.js, which would wait for the server
  list.addEventListener("click", (event) => {
    const row = event.target.closest("button") && event.target.closest("li");
    if (row) outbox.remove(Number(row.dataset.id));
  });

  // The forms of a follow-up, when it is opened.
  document.addEventListener("toggle", (event) => {
    const stop = event.target.matches?.(".stop > details") && event.target.parentElement;
    const place = stop && stop.querySelector(".stop-acts");
    const forms = document.getElementById("stop-acts");
    if (!place || place.childElementCount || !forms) return;
    place.append(forms.content.cloneNode(true));
    const other = "call" in stop.dataset ? "complete" : "end_call";
    place.querySelector(`[data-act-offline="${other}"]`).remove();
    if (!stop.dataset.job) place.querySelector("[data-needs-job]").remove();
  }, { capture: true });

  addEventListener("outbox", async ({ detail }) => {
    await draw();
    document.getElementById("sign-in-first").hidden = detail.why !== "sign-in";
    document.getElementById("may-not-send").hidden = detail.why !== "forbidden";
    if (detail.sent) document.body.dispatchEvent(new Event("followups"));
  });
  // day.js has fetched the page anew. What is being typed stays, and so does a form that is open.
  document.addEventListener("day", ({ detail }) => {
    const next = new DOMParser().parseFromString(detail, "text/html");
    const place = document.getElementById("day");
    if (!place) return;
    const fields = place.querySelectorAll("input:not([type=hidden]), textarea");
    const isBusy = place.querySelector(".stop-act[open]") || [...fields].some((field) => field.value);
    if (isBusy || !next.getElementById("day")) return;
    const open = [...place.querySelectorAll(".stop > details[open]")].map((details) => details.parentElement.id);
    for (const part of [".stops-today", "#conflicts", "#as-of", "#no-signal p"]) {
      document.querySelector(part).replaceWith(next.querySelector(part));
    }
    open.forEach((id) => document.querySelector(`#${id} > details`)?.setAttribute("open", ""));
    draw();
  });
  document.getElementById("try-again")?.addEventListener("click", () => location.reload());
  const prompt = document.getElementById("home-screen-prompt");
  if (prompt) {
    const isAtHome = matchMedia("(display-mode: standalone)").matches || navigator.standalone;
    prompt.hidden = Boolean(isAtHome || localStorage.getItem("no-home-screen") || !navigator.maxTouchPoints);
    prompt.querySelector("button").addEventListener("click", () => {
      localStorage.setItem("no-home-screen", "1");
      prompt.hidden = true;
    });
  }
  panel.ariaBusy = "true"; // its count is the server's guess until this device's store is read
  draw();
})();
