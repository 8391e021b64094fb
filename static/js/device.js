// The page of this device: what the browser keeps, and whether it shows notices. Only the browser knows.
(() => {
  const place = (name) => document.getElementById(name);
  const day = document.querySelector("[data-worker][data-day]");
  const { lang } = document.documentElement;
  const moment = new Intl.DateTimeFormat(lang, { weekday: "short", hour: "numeric", minute: "2-digit" });
  const size = new Intl.NumberFormat(lang, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 });
  if (!day || !window.caches) return;
  const none = place("kept-count").textContent;

  async function readKept() {
    const answer = await caches.match(day.dataset.day);
    const badge = place("filled");
    badge.hidden = !answer;
    const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
    const at = answer && moment.format(Number(answer.headers.get("X-Kept-At")));
    place("kept-count").textContent = page ? page.querySelectorAll(".stop[data-uid]").length : none;
    place("kept-at").textContent = at || "–";
    if (answer) badge.textContent = badge.dataset.words.replace("{time}", at);
    const estimate = await navigator.storage?.estimate?.();
    if (estimate) place("kept-size").textContent = size.format(Math.ceil(estimate.usage / 1000));
    const isSafe = await navigator.storage?.persisted?.();
    const { yes, no } = place("kept-safe").dataset;
    place("kept-safe").textContent = isSafe ? yes : no;
  }
  // One at a time: of two the slower could show what is gone since.
  let last = Promise.resolve();
  const showKept = () => {
    last = last.then(readKept);
    return last;
  };
  // Photos of work (field.js): each is sent by the page on which it was taken.
  const photos = deviceStore("field", "photos", { keyPath: "key" });
  const { member } = place("waiting").dataset;
  const ownPhotos = async () => (await photos.all().catch(() => [])).filter((photo) => photo.member === member);
  async function showPhotos() {
    const rows = await ownPhotos();
    const list = place("photos");
    list.hidden = !rows.length;
    list.querySelector("ul").replaceChildren(...rows.map((photo) => {
      const row = place("photo-line").content.cloneNode(true);
      row.querySelector("bdi").textContent = photo.name;
      row.querySelector("time").textContent = moment.format(photo.made);
      row.querySelector("a").href = photo.page;
      row.querySelector("a").ariaLabel = row.querySelector("a").dataset.words.replace("{name}", photo.name);
      return row;
    }));
    const { one, many } = place("photo-count").dataset;
    place("photo-count").textContent = rows.length === 1 ? one : many.replace("{n}", rows.length);
  }
  async function showPush() {
    const workers = await navigator.serviceWorker?.getRegistrations() || [];
    const subscriptions = await Promise.all(workers.map((worker) => worker.pushManager?.getSubscription()));
    const isOn = subscriptions.some(Boolean);
    place("push-on").hidden = !isOn;
    place("push-off").hidden = isOn;
  }
  place("fill-now").addEventListener("click", () => document.body.dispatchEvent(new Event("followups")));
  new MutationObserver(showKept).observe(day, { attributeFilter: ["data-kept"] }); // day.js has kept it
  place("empty-device").addEventListener("click", async ({ currentTarget }) => {
    const rows = await ownPhotos();
    if ((rows.length || (await outbox.of(member)).length) && !confirm(currentTarget.dataset.sure)) return;
    await outbox.empty(member);
    for (const photo of rows) await photos.erase(photo.key);
    await navigator.locks.request("day", () => caches.delete("day")); // after day.js, which may be keeping it just now
    await Promise.all([showKept(), showPhotos()]);
    place("emptied").textContent = place("emptied").dataset.words;
  });
  // Browsers that can put the site on the home screen themselves say so.
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    const button = place("install");
    button.hidden = false;
    button.onclick = async () => {
      await event.prompt();
      button.hidden = true; // it asks once
    };
  });
  addEventListener("appinstalled", () => { place("at-home").hidden = false; });
  place("at-home").hidden = !(matchMedia("(display-mode: standalone)").matches || navigator.standalone);
  showKept();
  showPhotos();
  showPush();
})();
