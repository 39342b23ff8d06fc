"""The same network behind Gradio: python gradio_site.py NETWORK.onnx PORT (needs gradio, numpy, onnxruntime)."""

import sys

import gradio
import numpy as np
import onnxruntime

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
entry = session.get_inputs()[0].name


def read(pixels: list[float]) -> dict[str, float]:
    cells = np.array(pixels, np.float32).reshape(1, 1, 28, 28)
    logits = session.run(None, {entry: cells})[0][0]
    powers = np.exp(logits - logits.max())
    return {str(digit): float(one) for digit, one in enumerate(powers / powers.sum())}


with gradio.Blocks(analytics_enabled=False) as site:
    asked, answer = gradio.JSON(), gradio.JSON()
    gradio.Button().click(read, asked, answer, api_name="read", queue=False, concurrency_limit=None)

site.launch(server_name="127.0.0.1", server_port=int(sys.argv[2]), quiet=True, share=False)
