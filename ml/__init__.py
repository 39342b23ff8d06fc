"""Networks, inference, training and weights: PyTorch, ONNX Runtime, numpy and OpenCV. Knows no Django and no Celery."""
