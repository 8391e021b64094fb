{# The script a website includes: it puts our form where the script stands, and lets it be as high as it is. #}
(() => {
  const here = document.currentScript;
  const form = new URL("{{ url|escapejs }}");
  const asked = new URLSearchParams(location.search);
  for (const name of ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content",
    "gclid", "gbraid", "wbraid", "fbclid", "msclkid", "ttclid", "li_fat_id"]) {
    if (asked.has(name)) form.searchParams.set(name, asked.get(name).slice(0, 500));
  }
  form.searchParams.set("embed", "1");
  form.searchParams.set("landing_page", location.href.slice(0, 500));
  if (document.referrer) form.searchParams.set("referrer", document.referrer.slice(0, 500));
  const frame = document.createElement("iframe");
  frame.src = form.href;
  frame.title = "{{ title|escapejs }}";
  frame.loading = "lazy";
  Object.assign(frame.style, { border: "0", inlineSize: "100%", blockSize: "44rem", colorScheme: "light dark" });
  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== form.origin) return;
    const high = Number(event.data && event.data.formHeight);
    if (high > 0 && high < 5000) frame.style.blockSize = `${high}px`;
  });
  here.after(frame);
})();
