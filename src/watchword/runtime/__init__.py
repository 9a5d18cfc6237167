"""A trained model as a bundle of ONNX graphs, and describing with it. PyTorch is never loaded here."""
