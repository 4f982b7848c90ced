// A form that has been sent cannot be sent again by impatience; the server's one-time key is the real guard.
export default function submitOnce(form) {
  const buttons = () => [...form.querySelectorAll("button:not([type=button]), input[type=submit]"), ...document.querySelectorAll(`button[form="${form.id}"]`)];
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    setTimeout(() => buttons().forEach((button) => { button.disabled = true; }), 0);
  });
  window.addEventListener("pageshow", (event) => event.persisted && buttons().forEach((button) => { button.disabled = false; }));
}
