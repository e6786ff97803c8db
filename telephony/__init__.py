"""How audio reaches us: a pipecat transport over a Line, and the browsers' WebRTC."""
