// Where the server is not there, a plain form would lead to the browser's or a gateway's own page of an error, away
// from what was typed. So it is asked first, and the form goes once it answers; failure.js says where it does not.
(() => {
  // One that takes long has the form, too: the browser can show that.
  const isThere = async () => {
    try {
      const signal = AbortSignal.timeout(3000);
      return navigator.onLine && (await fetch("/healthz", { cache: "no-store", signal })).status < 500;
    } catch (error) {
      return error.name === "TimeoutError";
    }
  };
  const asked = new WeakSet(), going = new WeakSet();
  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || form.method === "dialog" || form.dataset.upload || going.delete(form)) return;
    if (form.method === "get" && navigator.onLine) return;
    event.preventDefault();
    if (asked.has(form)) return; // the second click of a double one
    asked.add(form);
    form.dataset.busy = ""; // refresh.js leaves it where it is
    const isGoing = await isThere();
    asked.delete(form);
    delete form.dataset.busy;
    const go = () => form.requestSubmit(submitter?.isConnected ? submitter : null);
    if (!isGoing) return form.dispatchEvent(new CustomEvent("unsent", { bubbles: true, detail: { submitter, go } }));
    going.add(form);
    go();
  });
})();
