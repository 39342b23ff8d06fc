"""The same network behind Gradio: python gradio_pictures.py NETWORK.onnx SIZE TEMPERATURE PORT

Needs gradio, numpy, onnxruntime and Pillow. The picture is cut and scaled as ml.pictures.backbone does it.
"""

import sys

import gradio
import numpy as np
import onnxruntime
from PIL import Image

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
entry, size, temperature = session.get_inputs()[0].name, int(sys.argv[2]), float(sys.argv[3])


def name(picture: Image.Image) -> dict[str, float]:
    side = int(size / (size + 32) * min(picture.size))
    left, top = ((length - side + 1) // 2 for length in picture.size)
    box = (left, top, left + side, top + side)
    small = picture.convert("RGB").resize((size, size), Image.Resampling.BICUBIC, box, reducing_gap=3)
    batch = ((np.asarray(small, np.float32) - 127) / 128).transpose(2, 0, 1)[None]
    logits = session.run(None, {entry: np.ascontiguousarray(batch)})[0][0] / temperature
    powers = np.exp(logits - logits.max())
    return {str(one): float(powers[one] / powers.sum()) for one in np.argsort(-powers)[:5]}


with gradio.Blocks(analytics_enabled=False) as site:
    picture, answer = gradio.Image(type="pil"), gradio.Label(num_top_classes=5)
    gradio.Button().click(name, picture, answer, api_name="name", queue=False, concurrency_limit=None)

site.launch(server_name="127.0.0.1", server_port=int(sys.argv[4]), quiet=True, share=False)
