// Hears from the live process which topics changed, and tells the document (refresh.js listens). A browser's tabs share
// one connection: the tab that holds the lock has it, the others hear from it. Where it is, and who may: on <body>.
(() => {
  const { live, ticket: given, ticketUrl } = document.body.dataset;
  if (!live || !window.EventSource) return;
  const SILENCE = 65000, LONGEST = 30000, KEPT = 20000; // milliseconds
  const LOST = 3; // failures in a row, after which it is said (failure.js)
  const name = `hints ${ticketUrl}`;
  const tabs = window.BroadcastChannel && navigator.locks ? new BroadcastChannel(name) : null;
  const born = performance.timeOrigin; // before the server made this page
  let source = null, renewal, failures = 0, heardAt = born, leads = false, recent = [];

  const tell = (topics) => document.dispatchEvent(new CustomEvent("topics", { detail: topics }));
  const spread = (topics) => {
    const now = Date.now();
    recent = [...recent.filter(([at]) => now - at < KEPT), [now, topics]];
    tell(topics);
    tabs?.postMessage({ topics });
  };
  const heard = () => {
    heardAt = Date.now();
    tabs?.postMessage({ beat: heardAt });
  };

  const say = (is_live) => document.dispatchEvent(new CustomEvent("live", { detail: is_live }));

  // `back`: for how many seconds before its ticket this browser heard nothing; the server tells what it missed.
  const open = (ticket, back) => {
    const next = new EventSource(`${live}?ticket=${encodeURIComponent(ticket)}&back=${back}`);
    next.addEventListener("hello", (event) => {
      if (source && source !== next) source.close();
      source = next;
      failures = 0;
      say(true);
      heard();
      clearTimeout(renewal);
      renewal = setTimeout(renew, Math.max(5, Number(event.data) - 30 - Math.random() * 30) * 1000);
    });
    next.addEventListener("beat", heard);
    next.onmessage = (event) => { heard(); spread(event.data.split(" ")); };
    // Not left to EventSource: it would come back with the old ticket, and not at all after a refusal.
    next.onerror = () => {
      next.close();
      if (source && source !== next) return;
      source = null;
      later();
    };
  };
  const later = () => {
    clearTimeout(renewal);
    renewal = setTimeout(renew, Math.min(LONGEST, 1000 * 2 ** failures) * (0.5 + Math.random()));
    failures += 1;
    if (failures === LOST) say(false);
  };
  const renew = async () => {
    try {
      const reply = await fetch(ticketUrl, { headers: { "HX-Request": "true" } });
      if (reply.status >= 500) throw new Error(String(reply.status));
      // Signed out, or shut out: nothing more to hear here.
      if (!reply.ok || !(reply.headers.get("Content-Type") || "").includes("json")) return close();
      open((await reply.json()).ticket, Math.ceil((Date.now() - heardAt) / 1000));
    } catch {
      later();
    }
  };
  document.addEventListener("live:again", () => {
    failures = 0;
    renew();
  });
  const close = () => {
    clearTimeout(renewal);
    source?.close();
    source = null;
  };

  const lead = () => {
    leads = true;
    // A page just made knows all until then; one that waited its turn asks for what was told since the last beat.
    if (Date.now() - born < 15000 && heardAt === born) open(given, 0);
    else renew();
    // A laptop that slept: the connection is gone, and nobody says so.
    setInterval(() => {
      if (!source || Date.now() - heardAt < SILENCE) return;
      close();
      renew();
    }, 20000);
    return new Promise(() => {});
  };

  if (tabs) {
    tabs.onmessage = ({ data }) => {
      if (data.beat) heardAt = data.beat;
      if (data.topics) tell(data.topics);
      if (data.since && leads) {
        recent.filter(([at]) => at >= data.since).forEach(([, topics]) => tabs.postMessage({ topics }));
        if (source) tabs.postMessage({ beat: heardAt });
      }
    };
    tabs.postMessage({ since: born });
    navigator.locks.request(name, lead);
  } else {
    // Without locks (no TLS) each tab has its own, and a browser allows six: only the one that is looked at keeps it.
    if (!document.hidden) lead();
    document.addEventListener("visibilitychange", () => (document.hidden ? close() : leads ? renew() : lead()));
  }
})();
