// Single keys for lists: j k x Enter / ? and whatever a page names with data-key, in the row that has the focus first.
// Off in text fields, and for good when the person has switched them off.

const typing = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio)$/.test(target.type);
const switchedOn = () => !("keysOff" in document.body.dataset);
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
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  switch (key) {
    case "j": return move(1);
    case "k": return move(-1);
    case "x": return row?.querySelector("input[type=checkbox]")?.click();
    case "Enter": return document.activeElement === row && row?.querySelector("[data-main], a")?.click();
    case "/": return document.querySelector("[data-find]")?.focus();
    case "?": return dialog?.showModal?.();
    default: return named(key, row);
  }
}

function named(key, row) {
  const all = [...document.querySelectorAll("[data-key]")].filter((element) => element.dataset.key === key);
  const target = all.find((element) => row?.contains(element)) ?? all.find((element) => !element.closest("[data-row]"));
  if (!target) return false;
  if (/^(TEXTAREA|SELECT)$/.test(target.tagName)) target.focus(); else target.click();
  if (target.dataset.then) document.getElementById(target.dataset.then)?.focus();
  else if (row && target.dataset.onward !== undefined) move(1);
  return true;
}

export default function shortcuts() {
  const dialog = document.getElementById("key-help");
  for (const shown of document.querySelectorAll("[data-keys]")) shown.hidden = !switchedOn();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || dialog?.open) return;
    if (!switchedOn() && event.key !== "?") return;
    const used = ["j", "k", "/", "?"].includes(event.key.toLowerCase());
    const done = press(event, dialog);
    if (used || done) event.preventDefault();
  });
}
