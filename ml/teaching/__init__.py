"""Teaching a classifier of one's own: from the features of a frozen network to a head that knows what it does not know.

comparison    duplicates and look-alikes, before anything is learned
doubts        labels that look wrong, and classes that look alike, likewise
head, known   a linear layer on the features, and how far from them anything may be
head_training a head that is chosen, calibrated and judged on held-out pictures (evaluate); duplicates stay together
fine_tuning   of the last stages of the network
train         the head, then fine-tuning, kept only where it helps
export        safetensors, card, and one ONNX network from pixels to probabilities
reader        names new pictures, or says that they are none of these
"""
