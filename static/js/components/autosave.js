// Saves a draft while it is typed: posts the form (without files) to data-url two seconds after the last change.
// The route answers 2xx; a JSON body {"time": "HH:MM", "version": n} is used when given. The form key is not used up there.
const PAUSE = 2000;

export default function autosave(form) {
  const line = form.querySelector("[data-autosave]");
  let timer = 0;
  let sending = false;

  const say = (text, failed) => {
    if (!line) return;
    line.textContent = text;
    line.classList.toggle("failed", failed);
  };

  const fields = () => {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") data.append(name, value);
    }
    return data;
  };

  const accept = async (response) => {
    const isJson = (response.headers.get("Content-Type") || "").includes("json");
    const answer = isJson ? await response.json() : {};
    const version = form.querySelector("[name=version]");
    if (version && answer.version) version.value = answer.version;
    const now = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
    say((line?.dataset.saved || "").replace("{time}", answer.time || now), false);
  };

  async function save() {
    if (sending) return later();
    sending = true;
    try {
      const response = await fetch(form.dataset.url, {
        method: "POST",
        body: fields(),
        headers: { "X-Autosave": "1", Accept: "application/json" },
      });
      if (!response.ok) throw new Error(String(response.status));
      await accept(response);
    } catch {
      say(line?.dataset.failed || "", true);
    } finally {
      sending = false;
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  form.addEventListener("input", (event) => event.target.type !== "file" && later());
  form.addEventListener("submit", () => clearTimeout(timer));
}
