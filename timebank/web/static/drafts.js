// What is typed into a form that asks for it stays on this device until it has arrived, or whoever typed it signs out.

const PREFIX = "draft:";
const SENT = "draft sent";
const KEPT_MS = 24 * 60 * 60 * 1000;
const NEVER_KEPT = new Set(["csrf_token", "for"]);

const forget = () => {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  }
};

const keep = (form, key) => {
  const typed = [...new FormData(form)].filter(([name, value]) => !NEVER_KEPT.has(name) && typeof value === "string");
  localStorage.setItem(key, JSON.stringify({ at: Date.now(), typed }));
};

// With its number: what had arrived after all, unseen, is not counted again.
const restore = (form, typed) => {
  for (const [name, value] of typed) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio" || field.type === "checkbox") field.checked ||= field.value === value;
      else field.value = value;
      if (value) field.closest("details")?.setAttribute("open", "");
    }
  }
};

const say = (form, sentence) => {
  form.parentElement.querySelector("[data-draft-note]")?.remove();
  const note = document.createElement("p");
  note.className = "govuk-inset-text";
  note.dataset.draftNote = "";
  note.setAttribute("role", "alert");
  note.textContent = sentence;
  form.before(note);
  note.scrollIntoView({ block: "nearest" });
};

const readKept = (key) => {
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    return kept && Date.now() - kept.at < KEPT_MS ? kept.typed : null;
  } catch {
    return null;
  }
};

const watch = (form) => {
  const key = PREFIX + form.dataset.draft;
  const kept = readKept(key);
  const isRedrawn = kept?.some(([name, value]) => name === "submission" && value === form.elements.submission?.value);
  const isBegun = isRedrawn || /[?&](with|about|like)=/.test(location.search) || document.querySelector(".govuk-error-summary");
  if (kept && !isBegun) {
    restore(form, kept);
    say(form, form.dataset.restored);
  }
  form.addEventListener("input", () => keep(form, key));
  form.addEventListener("submit", (event) => {
    keep(form, key);
    if (!navigator.onLine) {
      event.preventDefault();
      say(form, form.dataset.offline);
      return;
    }
    sessionStorage.setItem(SENT, key);
  });
};

// A page with good news after a form was sent: it has arrived. Any other (refused, broken, none) leaves the draft.
const arrived = () => {
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent && document.querySelector("#messages")?.textContent.trim()) localStorage.removeItem(sent);
};

export const keepDrafts = () => {
  const signOut = document.querySelector("form[action$='/sign-out']");
  const isBroken = document.querySelector("[data-broken]");
  if (!signOut && !isBroken) forget();
  signOut?.addEventListener("submit", forget);
  arrived();
  for (const form of document.querySelectorAll("form[data-draft]")) watch(form);
};
