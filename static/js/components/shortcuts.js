// Single keys for lists: j k x Enter / ? and whatever a page names with data-key. Off in text fields; can be switched off for good.
const STORE = "rectify.keys";

const typing = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio)$/.test(target.type);
const switchedOn = () => { try { return localStorage.getItem(STORE) !== "off"; } catch { return true; } };
const rows = () => [...document.querySelectorAll("[data-row]")];
const rowOf = (element) => element.closest?.("[data-row]") ?? null;

function move(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.indexOf(rowOf(document.activeElement));
  const next = all[Math.min(all.length - 1, Math.max(0, here + step))] ?? all[0];
  next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function press(event, dialog) {
  const row = rowOf(document.activeElement);
  switch (event.key) {
    case "j": return move(1);
    case "k": return move(-1);
    case "x": return row?.querySelector("input[type=checkbox]")?.click();
    case "Enter": return document.activeElement === row && row?.querySelector("[data-main], a")?.click();
    case "/": return document.querySelector("[data-find]")?.focus();
    case "?": return dialog?.showModal?.();
    default: return named(event.key);
  }
}

function named(key) {
  const target = [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === key);
  if (!target) return false;
  if (/^(TEXTAREA|SELECT)$/.test(target.tagName)) target.focus(); else target.click();
  return true;
}

export default function shortcuts() {
  const dialog = document.getElementById("key-help");
  const box = dialog?.querySelector("[data-keys-on]");
  const row = document.querySelector("[data-keys]");
  const show = () => {
    if (box) box.checked = switchedOn();
    if (row) row.hidden = !switchedOn();
  };
  box?.addEventListener("change", () => {
    try { localStorage.setItem(STORE, box.checked ? "on" : "off"); } catch { /* private window: only this page */ }
    show();
  });
  show();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || dialog?.open) return;
    if (!switchedOn() && event.key !== "?") return;
    const used = ["j", "k", "/", "?"].includes(event.key);
    const done = press(event, dialog);
    if (used || done) event.preventDefault();
  });
}
