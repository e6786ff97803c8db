// A two-way audio line to the service: an SDP offer is posted, an answer comes back. No trickle: the
// candidates are inside.

const GATHER_MS = 2000;
const ANSWER_MS = 15000;

// `on`: {message(value), closed(), track(stream)}. Throws an Error whose `sentence`, if any, is for the person.
export async function connect(stream, url, on, headers = {}) {
  const peer = new RTCPeerConnection();
  const channel = peer.createDataChannel("call");
  let ours = false;
  const closed = () => {
    if (!ours) on.closed();
  };
  channel.addEventListener("message", (event) => {
    try {
      on.message(JSON.parse(event.data));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  });
  channel.addEventListener("close", closed);
  peer.addEventListener("connectionstatechange", () => {
    if (peer.connectionState === "failed") closed();
  });
  peer.addEventListener("track", (event) => on.track(new MediaStream([event.track])));
  stream.getTracks().forEach((track) => peer.addTrack(track, stream));

  const close = () => {
    ours = true;
    // A message sent just before would be lost with the connection.
    setTimeout(() => peer.close(), 200);
  };
  try {
    await peer.setLocalDescription(await peer.createOffer());
    await gathered(peer);
    await peer.setRemoteDescription(await exchange(url, peer.localDescription, headers));
  } catch (error) {
    close();
    throw error;
  }
  return {
    close,
    send(message) {
      if (channel.readyState !== "open") return false;
      channel.send(JSON.stringify(message));
      return true;
    },
    async packets() {
      let received = 0;
      (await peer.getStats()).forEach((report) => {
        if (report.type === "inbound-rtp" && report.kind === "audio") received += report.packetsReceived;
      });
      return received;
    },
    connected: () => peer.connectionState === "connected",
  };
}

function gathered(peer) {
  return new Promise((resolve) => {
    const check = () => peer.iceGatheringState === "complete" && resolve();
    peer.addEventListener("icegatheringstatechange", check);
    setTimeout(resolve, GATHER_MS);
    check();
  });
}

async function exchange(url, { sdp, type }, headers) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify({ sdp, type }),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(`status ${response.status}`), { sentence: body.error });
  return body;
}

// Calls `show(0…1)` with how loud the stream is, as long as the context lives.
export function level(context, stream, show) {
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    if (context.state === "closed") return clearInterval(timer);
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
    show(Math.min(1, Math.sqrt(power) * 6).toFixed(2));
  }, 90);
}
