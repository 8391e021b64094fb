// The outbox: changes made on this device, kept in IndexedDB until the server has answered each, in their order. Every
// page loads it, so that they leave as soon as any page is open, and so does the service worker (push_worker.js), which
// sends in the background where the browser can. Each has a key, by which the server applies it once.
self.outbox = (() => {
  const NAMED = 72 * 60 * 60 * 1000; // milliseconds; then the customer's name goes, what was typed stays
  const FIRST = 5000; // milliseconds until the next try; twice as long after each
  const LONGEST = 5 * 60 * 1000;
  const PATIENCE = 30 * 1000; // milliseconds for an answer: a dead network would hold up all pages, and signing out
  const patience = () => ({ cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  const news = new BroadcastChannel("outbox");
  const acts = deviceStore("outbox", "acts", { keyPath: "id", autoIncrement: true });
  let wait = FIRST;
  let timer;

  const tell = (result = {}) => {
    news.postMessage(result);
    self.dispatchEvent(new CustomEvent("outbox", { detail: result })); // a channel does not tell its own page
  };

  // Those of one member: nobody sees, sends or deletes what another has written.
  const of = async (member) => (await acts.all()).filter((act) => act.member === member);
  async function add(act) {
    await acts.put(act);
    tell();
    const registration = self.navigator.serviceWorker?.getRegistration();
    registration?.then((worker) => worker?.sync?.register("outbox")).catch(() => null);
    flush();
  }
  // Takes one back, unless it is on its way.
  async function remove(id) {
    await acts.eraseIf(id, (act) => !act.isTried || act.state !== "waiting");
    tell();
  }
  async function empty(member) {
    for (const act of await of(member)) await acts.erase(act.id);
    tell();
  }

  // Who is signed in, and the token for a form: the page may be older than the session.
  async function ask(url) {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "manual", ...patience() });
    if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) return { why: "sign-in" };
    if (answer.status === 404) return { why: "forbidden" };
    return answer.ok ? answer.json() : { why: "server" };
  }
  async function post(act, token) {
    const age = Math.max(0, Math.round((Date.now() - act.made) / 1000));
    const body = new URLSearchParams({ ...act.fields, key: act.key, act: act.act, age });
    const headers = { "X-CSRFToken": token };
    return fetch(act.url, { method: "POST", body, headers, redirect: "manual", ...patience() });
  }
  // Sends one; returns why the next ones have to wait.
  async function sendOne(act, token) {
    if (!(await acts.change(act.id, { isTried: true }))) return ""; // taken back while another was sent
    tell(); // from here on the server may have it, so it can't be taken back
    const answer = await post(act, token);
    if (answer.type === "opaqueredirect" || answer.status === 403) return "sign-in";
    if (answer.status >= 500 || answer.status === 429) return "server";
    const isRead = answer.ok || answer.headers.get("Content-Type")?.startsWith("application/json");
    const said = isRead ? await answer.json() : { state: "refused" }; // today.js says what that means
    if (said.state === "refused") await acts.change(act.id, { state: "refused", why: said.text || "" });
    else await acts.erase(act.id);
    return "";
  }
  async function sendAll() {
    const waiting = (await acts.all()).filter((act) => act.state === "waiting");
    const result = { sent: 0, why: "" };
    for (const url of new Set(waiting.map((act) => act.url))) {
      const { why, member, token } = await ask(url);
      let late = why || "";
      for (const act of late ? [] : waiting.filter((one) => one.url === url && one.member === member)) {
        late = await sendOne(act, token);
        if (late) break;
        result.sent += 1;
      }
      result.why ||= late;
    }
    return result;
  }
  const forgetNames = async () => {
    const old = (await acts.all()).filter((act) => act.subject && Date.now() - act.made > NAMED);
    for (const act of old) await acts.change(act.id, { subject: "" });
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
    if (!self.document || !why || ["sign-in", "forbidden"].includes(why)) return;
    timer = setTimeout(flush, wait);
    wait = Math.min(LONGEST, 2 * wait);
  }
  news.onmessage = (event) => self.dispatchEvent(new CustomEvent("outbox", { detail: event.data }));
  return { add, empty, flush, of, remove };
})();
