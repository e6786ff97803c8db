// The live page's own part: the ring (heard, seen, in the title), taking a call over, a lost connection.
// Everything else on the page is htmx.

import { connect } from "/static/line.js";

const $ = (id) => document.getElementById(id);
const title = document.title;
let talk = null;

// The ring

let context = null;
let bell = null;

function ringing() {
  return document.querySelectorAll(".ringing").length;
}

// Emergencies first, then calls that ring: in the document itself, so that the keyboard meets them first too.
function sort() {
  const rank = (card) => (card.querySelector(".ringing") ? 0 : 1) + (card.querySelector(".emergency") ? 0 : 2);
  const cards = [...$("calls").children];
  const sorted = [...cards].sort((a, b) => rank(a) - rank(b));
  if (sorted.every((card, index) => card === cards[index])) return;
  const focused = document.activeElement;
  $("calls").append(...sorted);
  if (focused !== document.activeElement) focused.focus();
}

function announce() {
  sort();
  const count = ringing();
  const sentence = count > 1 ? `${count} appels attendent une personne.` : "Un appel attend une personne.";
  $("ringing").hidden = !count;
  if (count && $("ringing").textContent !== sentence) $("ringing").textContent = sentence;
  document.title = count ? `(${count}) Appel — ${title}` : title;
  if (count && !bell) {
    chime();
    bell = setInterval(chime, 2500);
  } else if (!count && bell) {
    clearInterval(bell);
    bell = null;
  }
}

function chime() {
  context ??= new AudioContext();
  $("silent").hidden = context.state === "running";
  if (talk || context.state !== "running") return;
  [660, 880].forEach((pitch, index) => {
    const at = context.currentTime + index * 0.22;
    const gain = new GainNode(context, { gain: 0 });
    const tone = new OscillatorNode(context, { frequency: pitch });
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.25, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, at + 0.6);
    tone.connect(gain).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.65);
  });
}

// A browser lets a page sound only after a gesture: say so before the first call rings, not after.
async function wake() {
  context ??= new AudioContext();
  await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, 300))]);
  $("silent").hidden = context.state === "running";
}

const watching = new MutationObserver(announce);
for (const id of ["calls", "elsewhere"]) watching.observe($(id), { childList: true, subtree: true });
document.addEventListener("pointerdown", wake, { once: true });
document.addEventListener("keydown", wake, { once: true });
$("sound").addEventListener("click", wake);
wake();
announce();

// Taking a call

function complain(sentence) {
  $("take-problem").textContent = sentence;
  $("take-problem").hidden = !sentence;
}

async function take(button) {
  if (talk) return complain("Raccrochez d’abord l’appel en cours.");
  complain("");
  button.disabled = true;
  let stream = null;
  const mine = {};
  talk = mine;
  try {
    const on = new URLSearchParams(location.search).get("processing") !== "off";
    stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: on, noiseSuppression: on, autoGainControl: on, channelCount: 1 },
    });
    mine.stream = stream;
    say("Mise en relation…");
    mine.line = await connect(
      stream,
      `/direct/appels/${button.dataset.take}/prendre`,
      {
        message: (message) => {
          if (message.type !== "state") return;
          if (message.state === "ended") leave(mine, "");
          if (message.state === "human") say("Vous parlez avec le patient.");
        },
        closed: () => leave(mine, "La communication est terminée."),
        track: (remote) => {
          $("voice").srcObject = remote;
          say("Vous parlez avec le patient.");
        },
      },
      { "X-CSRF-Token": document.body.dataset.token },
    );
  } catch (error) {
    const refused = error.name === "NotAllowedError" || error.name === "NotFoundError";
    const sentence = refused ? "Le micro n’est pas disponible : autorisez-le pour prendre un appel." : error.sentence;
    leave(mine, sentence || "L’appel n’a pas pu être pris. Réessayez.");
    button.disabled = false;
    return;
  }
  $("leave").focus();
}

function say(sentence) {
  $("talking-status").textContent = sentence;
  $("talking").hidden = !sentence;
}

function leave(mine, sentence) {
  if (talk !== mine) return;
  talk = null;
  mine.line?.send({ type: "bye" });
  mine.line?.close();
  mine.stream?.getTracks().forEach((track) => track.stop());
  $("voice").srcObject = null;
  say("");
  complain(sentence);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take]");
  if (button) take(button);
});
$("leave").addEventListener("click", () => talk && leave(talk, ""));
addEventListener("pagehide", () => talk && leave(talk, ""));
addEventListener("beforeunload", (event) => talk && event.preventDefault());

// Messages: the player is outside the list, which changes while somebody listens.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sound]");
  if (!button) return;
  $("listening-title").textContent = button.dataset.title;
  $("listening").hidden = false;
  $("message").src = button.dataset.sound;
  $("message").play().catch(() => {});
});
$("message").addEventListener("error", () => ($("listening-title").textContent += " : il ne se lit pas."));

// The stream of changes

document.body.addEventListener("htmx:sseOpen", () => ($("offline").hidden = true));
document.body.addEventListener("htmx:sseError", () => ($("offline").hidden = false));
document.body.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401) location.assign("/connexion");
});
