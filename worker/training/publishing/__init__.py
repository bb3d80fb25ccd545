"""From a network to what is shipped: artifact, ONNX twin, card, plots, and the page of all figures."""
