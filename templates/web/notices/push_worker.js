// The service worker of notices: shows what is pushed, and opens it. It has no page in its scope and fetches nothing.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("push", (event) => {
  const told = event.data.json();
  const options = { body: told.body, tag: told.tag, renotify: true, data: { url: told.url } };
  event.waitUntil(self.registration.showNotification(told.title, options));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.url));
});
