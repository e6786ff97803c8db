// The patient's call: one RTCPeerConnection, one data channel, captions. No library.
//
// Out, on the data channel: {"type": "key", "key": "0"}, {"type": "text", "text": "…"}, {"type": "bye"}.
// In: {"type": "caption", "who": "voice" | "caller", "text", "final"}, {"type": "state", "state"}; the state
// "ended" is the goodbye without which a closed line means that the service died; "lost", that a fault of ours
// ended the call.
// `?processing=off` leaves the microphone raw: for tests that play a file into it.

import { connect, level } from "/static/line.js";

const $ = (id) => document.getElementById(id);
const practice = document.body.dataset.practice;
const STATES = {
  listening: "Je vous écoute",
  thinking: "Un instant…",
  speaking: "L’assistant vous répond",
  ringing: "On cherche une personne du cabinet…",
  human: "Vous parlez à une personne du cabinet",
};
const CONNECTING = "Connexion…";
const MUTE_AFTER_MS = 3000; // our service never stops sending audio, so nothing for so long is a dead line
const GIVE_UP_MS = 20000;
let call = null;

function show(state) {
  document.body.dataset.state = state;
  $("before").hidden = state !== "idle";
  $("during").hidden = state !== "calling" && state !== "live";
  $("after").hidden = state !== "ended";
}

function complain(sentence) {
  $("problem").textContent = sentence;
  $("problem").hidden = !sentence;
}

function lost(why) {
  $("lost-why").textContent = why;
  if ($("lost").hidden) $("lost").hidden = false;
}

async function microphone() {
  const raw = new URLSearchParams(location.search).get("processing") === "off";
  const on = !raw;
  const audio = { echoCancellation: on, noiseSuppression: on, autoGainControl: on, channelCount: 1 };
  return navigator.mediaDevices.getUserMedia({ audio });
}

// Silence that is really sent: without a source a destination node sends no packet, and a line without
// packets is a line whose caller has gone.
function silence(context) {
  const destination = context.createMediaStreamDestination();
  const source = new ConstantSourceNode(context, { offset: 0 });
  source.connect(destination);
  source.start();
  return destination.stream;
}

const REFUSALS = {
  NotAllowedError: "Le micro est refusé. Autorisez-le dans votre navigateur puis réessayez, ou choisissez d’écrire.",
  NotFoundError: "Aucun micro n’a été trouvé. Branchez-en un, ou choisissez d’écrire.",
  NotReadableError: "Le micro est déjà pris par une autre application. Fermez-la, ou choisissez d’écrire.",
};

async function start(typing) {
  complain("");
  $("lost").hidden = true;
  const context = new AudioContext();
  let stream;
  try {
    if (!typing && !navigator.mediaDevices) {
      return complain("Le micro ne marche que sur une page sécurisée (https). Vous pouvez choisir d’écrire.");
    }
    stream = typing ? silence(context) : await microphone();
  } catch (error) {
    context.close();
    return complain(REFUSALS[error.name] || "Le micro n’est pas utilisable. Vous pouvez choisir d’écrire.");
  }
  call = { context, stream, since: Date.now(), goodbye: false, last: Date.now(), packets: 0, partial: {}, status: CONNECTING };
  const mine = call;
  $("captions").replaceChildren();
  $("status").textContent = call.status;
  $("clock").textContent = "";
  show("calling");
  try {
    mine.line = await connect(stream, `/api/call/${practice}`, {
      message: (message) => mine === call && receive(message),
      closed: () => mine === call && stop(mine.goodbye ? "ended" : "lost"),
      track: (remote) => {
        $("voice").srcObject = remote;
        level(context, remote, (value) => $("orb").style.setProperty("--level", value));
      },
    });
  } catch (error) {
    if (mine !== call) return;
    stop("refused");
    return lost(error.sentence || "Le service ne répond pas");
  }
  if (mine !== call) return mine.line.close();
  if (mine.status === CONNECTING) $("status").textContent = mine.status = STATES.listening;
  show("live");
  mine.timer = setInterval(() => watch(mine), 500);
  (typing ? $("text") : $("hangup")).focus();
}

function stop(how) {
  const ended = call;
  call = null;
  if (!ended) return;
  clearInterval(ended.timer);
  ended.line?.close();
  ended.stream.getTracks().forEach((track) => track.stop());
  ended.context.close();
  $("voice").srcObject = null;
  if (how === "lost") lost("La communication a été coupée");
  show(how === "ended" ? "ended" : "idle");
  if (how === "ended") $("again").focus();
}

// A service that dies says nothing: only the packets that stop coming tell.
async function watch(mine) {
  const seconds = Math.floor((Date.now() - mine.since) / 1000);
  $("clock").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const packets = await mine.line.packets();
  if (mine !== call) return;
  if (packets > mine.packets) {
    mine.packets = packets;
    mine.last = Date.now();
    if (!$("lost").hidden) {
      $("lost").hidden = true;
      $("status").textContent = mine.status;
    }
    return;
  }
  const quiet = Date.now() - mine.last;
  if (quiet > GIVE_UP_MS) stop("lost");
  else if (quiet > (mine.packets ? MUTE_AFTER_MS : 3 * MUTE_AFTER_MS)) {
    lost("La communication semble coupée");
    $("status").textContent = "L’assistant ne répond plus";
  }
}

function receive(message) {
  if (message.type === "caption") caption(message);
  if (message.type === "state") {
    if (message.state === "ended") {
      call.goodbye = true;
      return stop("ended");
    }
    if (message.state === "lost") return stop("lost");
    call.status = STATES[message.state] || call.status;
    $("status").textContent = call.status;
  }
}

// Unfinished words are shown but not read aloud: a screen reader hears each utterance once, whole.
function caption({ who, text, final }) {
  const captions = $("captions");
  call.partial[who]?.remove();
  delete call.partial[who];
  if (!text) return;
  const last = captions.lastElementChild;
  if (final && last?.className === who) {
    last.append(` ${text}`);
    captions.scrollTop = captions.scrollHeight;
    return;
  }
  const line = document.createElement("p");
  line.className = who;
  const speaker = document.createElement("span");
  speaker.className = "sr";
  speaker.textContent = who === "voice" ? "Assistant : " : "Vous : ";
  line.append(speaker, text);
  if (!final) {
    line.classList.add("partial");
    line.setAttribute("aria-hidden", "true");
    call.partial[who] = line;
  }
  captions.append(line);
  captions.scrollTop = captions.scrollHeight;
}

$("start").addEventListener("click", () => start(false));
$("write").addEventListener("click", () => start(true));
$("again").addEventListener("click", () => {
  show("idle");
  $("start").focus();
});
$("hangup").addEventListener("click", () => {
  call?.line?.send({ type: "bye" });
  stop("ended");
});
$("typing").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (text && call?.line?.send({ type: "text", text })) $("text").value = "";
});

function press(key) {
  call?.line?.send({ type: "key", key });
}
document.querySelectorAll("[data-key]").forEach((button) => {
  button.addEventListener("click", () => press(button.dataset.key));
});
document.addEventListener("keydown", (event) => {
  const free = !event.ctrlKey && !event.metaKey && !event.altKey && event.target.tagName !== "INPUT";
  if (call && free && /^[0-9*#]$/.test(event.key)) press(event.key);
});
addEventListener("pagehide", () => {
  call?.line?.send({ type: "bye" });
  stop("ended");
});
