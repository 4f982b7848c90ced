// Loads the components a page names: data-component="autosave submit-once" → components/autosave.js, components/submit-once.js.
// Every page works without any of them.

async function start(element) {
  for (const name of element.dataset.component.split(/\s+/).filter(Boolean)) {
    try {
      const component = await import(`./components/${name}.js`);
      component.default(element);
    } catch (error) {
      console.error(`component ${name}`, error);
    }
  }
}

// Whoever drives the page from outside can see that its components are at work.
Promise.all([...document.querySelectorAll("[data-component]")].map(start)).then(() => {
  document.documentElement.dataset.started = "";
});
document.querySelector(".error-summary")?.focus();
