// The outbox: changes made on this device, kept in IndexedDB until the server has answered each, in their order. Every
// page loads it, so that they leave as soon as any page is open, and so does the service worker (push_worker.js), which
// sends in the background where the browser can. Each has a key, by which the server applies it once.
self.outbox = (() => {
  const NAMED = 72 * 60 * 60 * 1000; // milliseconds; then the customer's name goes, what was typed stays
  const FIRST = 5000; // milliseconds until the next try; twice as long after each
  const LONGEST = 5 * 60 * 1000;
  const news = new BroadcastChannel("outbox");
  let opened;
  let wait = FIRST;
  let timer;

  const open = () => {
    opened ??= new Promise((done, fail) => {
      const asked = indexedDB.open("outbox", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("acts", { keyPath: "id", autoIncrement: true });
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
    });
    return opened;
  };
  async function inStore(mode, use) {
    const database = await open();
    return new Promise((done, fail) => {
      const transaction = database.transaction("acts", mode);
      const asked = use(transaction.objectStore("acts"));
      transaction.oncomplete = () => done(asked?.result);
      transaction.onerror = transaction.onabort = () => fail(transaction.error);
    });
  }
  const all = () => inStore("readonly", (acts) => acts.getAll());
  const put = (act) => inStore("readwrite", (acts) => acts.put(act));
  const tell = (result = {}) => {
    news.postMessage(result);
    self.dispatchEvent(new CustomEvent("outbox", { detail: result })); // a channel does not tell its own page
  };

  // Those of one member: nobody sees, sends or deletes what another has written.
  const of = async (member) => (await all()).filter((act) => act.member === member);
  async function add(act) {
    await put(act);
    tell();
    const worker = self.navigator.serviceWorker;
    (await worker?.getRegistration())?.sync?.register("outbox").catch(() => null);
    return flush();
  }
  async function remove(id) {
    await inStore("readwrite", (acts) => acts.delete(id));
    tell();
  }
  async function empty(member) {
    for (const act of await of(member)) await remove(act.id);
  }

  // Who is signed in, and the token for a form: the page may be older than the session.
  async function ask(url) {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) return { why: "sign-in" };
    return answer.ok ? answer.json() : { why: "server" };
  }
  async function post(act, token) {
    act.isTried = true; // from here on the server may have it, so it can't be taken back
    await put(act);
    const age = Math.max(0, Math.round((Date.now() - act.made) / 1000));
    const body = new URLSearchParams({ ...act.fields, key: act.key, act: act.act, age });
    return fetch(act.url, { method: "POST", body, headers: { "X-CSRFToken": token }, redirect: "manual" });
  }
  // Sends one; returns why the next ones have to wait.
  async function sendOne(act, token) {
    const answer = await post(act, token);
    if (answer.type === "opaqueredirect" || answer.status === 403) return "sign-in";
    if (answer.status >= 500 || answer.status === 429) return "server";
    const said = answer.ok ? await answer.json() : { state: "refused", text: "" };
    if (said.state === "refused") await put({ ...act, state: "refused", why: said.text });
    else await inStore("readwrite", (acts) => acts.delete(act.id));
    return "";
  }
  async function sendAll() {
    const waiting = (await all()).filter((act) => act.state === "waiting");
    const result = { sent: 0, why: "" };
    for (const url of new Set(waiting.map((act) => act.url))) {
      const { why, member, token } = await ask(url);
      if (why) result.why = why;
      for (const act of why ? [] : waiting.filter((one) => one.url === url && one.member === member)) {
        result.why = await sendOne(act, token);
        if (result.why) break;
        result.sent += 1;
      }
    }
    return result;
  }
  const forgetNames = async () => {
    const old = (await all()).filter((act) => act.subject && Date.now() - act.made > NAMED);
    for (const act of old) await put({ ...act, subject: "" });
  };
  // One page or worker at a time.
  const flush = () => navigator.locks.request("outbox", async () => {
    let result;
    try {
      await forgetNames();
      result = await sendAll();
    } catch {
      result = { sent: 0, why: "offline" };
    }
    tryAgain(result.why);
    tell(result);
    return result;
  });
  function tryAgain(why) {
    clearTimeout(timer);
    if (!why) wait = FIRST;
    if (!self.document || !why || why === "sign-in") return;
    timer = setTimeout(flush, wait);
    wait = Math.min(LONGEST, 2 * wait);
  }
  news.onmessage = (event) => self.dispatchEvent(new CustomEvent("outbox", { detail: event.data }));
  return { add, empty, flush, of, remove };
})();

// On a page: send what waits, now and when the signal is back; and let nobody sign out without a word about it.
if (self.document) (() => {
  addEventListener("online", outbox.flush);
  if (document.querySelector("form[data-member]")) outbox.flush();

  const dialog = document.getElementById("unsent");
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const { member } = form.dataset;
    if (!member || !dialog || dialog.returnValue === "delete") return;
    event.preventDefault();
    if ((await outbox.of(member)).length) await outbox.flush();
    const { length } = await outbox.of(member);
    if (length) {
      dialog.querySelector("[data-one]").textContent = length === 1
        ? dialog.querySelector("[data-one]").dataset.one
        : dialog.querySelector("[data-one]").dataset.many.replace("{n}", length);
      dialog.returnValue = "";
      dialog.showModal();
      await new Promise((done) => dialog.addEventListener("close", done, { once: true }));
      if (dialog.returnValue !== "delete") return;
      await outbox.empty(member);
    }
    dialog.returnValue = "delete";
    form.requestSubmit();
  }, { capture: true });
})();
