"""How well urgency is noticed: labelled sentences, typed or spoken, through what a real call goes through."""
