// A sentence spoken instead of typed: recorded here, transcribed by the service's own ears, kept nowhere.

const LONGEST_MS = 12000;
const BITS_PER_SECOND = 24000;

const $ = (id) => document.getElementById(id);
const button = $("dictate");
let recorder = null;

const tell = (text) => ($("dictation").textContent = text);

async function begin() {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  } catch {
    tell("Le navigateur n’a pas donné accès au micro.");
    return;
  }
  const parts = [];
  recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS_PER_SECOND });
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.onstop = () => {
    stream.getTracks().forEach((track) => track.stop());
    const recording = new Blob(parts, { type: recorder.mimeType });
    recorder = null;
    button.textContent = "Dicter";
    send(recording);
  };
  recorder.start();
  button.textContent = "Terminer";
  tell("Parlez, puis touchez « Terminer ».");
  const started = recorder;
  setTimeout(() => started.state === "recording" && started.stop(), LONGEST_MS);
}

async function send(recording) {
  button.disabled = true;
  tell("Reconnaissance en cours…");
  try {
    const answer = await fetch(button.dataset.path, {
      method: "POST",
      headers: { "X-CSRF-Token": document.body.dataset.token },
      body: recording,
    });
    const { text, wrong } = await answer.json();
    tell(wrong ?? "Voici ce que le service a entendu.");
    if (!text) return;
    const before = $("sentences").value.trimEnd();
    $("sentences").value = before ? `${before}\n${text}` : text;
    htmx.trigger($("sentences").form, "dictated");
  } catch {
    tell("Le service ne répond pas.");
  } finally {
    button.disabled = false;
  }
}

if (button && navigator.mediaDevices && window.MediaRecorder) {
  button.hidden = false;
  button.addEventListener("click", () => (recorder ? recorder.stop() : begin()));
}
