// "Show notices on this device": asks the browser, subscribes it, and sends the subscription by the form it stands in.
// Without a service worker or push (or over plain http) the form stays hidden, and the page says why.
(() => {
  const form = document.querySelector("form[data-push-key]");
  if (!form || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  const toBytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const nameOf = () => {
    const agent = navigator.userAgent;
    const browser = ["Edg", "OPR", "Firefox", "Chrome", "Safari"].find((one) => agent.includes(one)) || "";
    const system = ["Android", "iPhone", "iPad", "Windows", "Mac", "Linux"].find((one) => agent.includes(one)) || "";
    return [browser.replace("Edg", "Edge").replace("OPR", "Opera"), system].filter(Boolean).join(", ");
  };
  const said = form.querySelector("[role=status]");

  async function subscribe() {
    if (await Notification.requestPermission() !== "granted") throw new Error(form.dataset.denied);
    const worker = await navigator.serviceWorker.register(form.dataset.worker);
    const active = worker.active ? worker : await ready(worker);
    return active.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: toBytes(form.dataset.pushKey) });
  }
  const ready = (worker) => new Promise((done) => {
    const coming = worker.installing || worker.waiting;
    coming.addEventListener("statechange", () => coming.state === "activated" && done(worker));
  });

  form.hidden = false;
  document.getElementById("push-missing").hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const { endpoint, keys } = (await subscribe()).toJSON();
      form.elements.endpoint.value = endpoint;
      form.elements.p256dh.value = keys.p256dh;
      form.elements.auth.value = keys.auth;
      form.elements.name.value = nameOf();
      form.submit();
    } catch (error) {
      said.textContent = error.message === form.dataset.denied ? form.dataset.denied : form.dataset.failed;
    }
  });
})();
