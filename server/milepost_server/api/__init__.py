"""HTTP: reads for members, the invite, pairing, administration. Each handler is one call and a sentence."""
