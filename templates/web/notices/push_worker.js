{% load static %}
// The service worker. Registered for the devices of notices it shows what is pushed, and opens it; there no page is in
// its scope. Registered for a place with a day's page (static/js/day.js) it answers with that page while there is no
// network, for 72 hours. What was changed there it sends in the background, where the browser can (outbox.js).
importScripts("{% static 'js/device-store.js' %}", "{% static 'js/outbox.js' %}");
const LONGEST = 72 * 60 * 60 * 1000; // milliseconds
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("push", (event) => {
  const told = event.data.json();
  const options = { body: told.body, tag: told.tag, renotify: true, data: { url: told.url } };
  event.waitUntil(self.registration.showNotification(told.title, options));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.url));
});

const dayPage = async () => {
  const kept = await (await caches.open("day")).match(`${self.registration.scope}today/`);
  if (kept && Date.now() - Number(kept.headers.get("X-Kept-At")) < LONGEST) return kept;
  await caches.delete("day");
  return undefined;
};
const answerPage = async (request) => {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await dayPage();
    if (kept) return kept;
    throw error;
  }
};
// Names of static files change with their content, so what is kept is what would come.
const answerFile = async (request) => (await caches.match(request)) || fetch(request);
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(answerPage(request));
  else if (["style", "script", "image", "font"].includes(request.destination)) event.respondWith(answerFile(request));
});

// Thrown, the browser tries again later.
self.addEventListener("sync", (event) => {
  const send = async () => {
    const { why } = await outbox.flush();
    if (why === "offline" || why === "server") throw new Error(why);
  };
  if (event.tag === "outbox") event.waitUntil(send());
});
