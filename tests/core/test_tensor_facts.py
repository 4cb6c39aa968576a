"""Whether two heads of weight files can be the same model, packed in whatever way."""

import pytest

from core.tensor_facts import TensorFacts, agree

PLAIN = tuple((f"model.layers.{n}.mlp.up_proj.weight", (96 + n, 32)) for n in range(6))
PACKED = tuple(
    (f"model.layers.{n}.mlp.up_proj.{part}", (12, 96)) for n in range(6) for part in ("qweight", "qzeros", "scales")
)
ADAPTER = tuple((f"base_model.model.model.layers.{n}.mlp.up_proj.lora_A.weight", (8, 32)) for n in range(6))
GGUF = tuple((f"blk.{n}.ffn_up.weight", (32, 96 + n)) for n in range(6))
ELSE = tuple((f"encoder.layer.{n}.dense.weight", (768, 7 + n)) for n in range(6))
OTHER_SHAPES = tuple((f"model.layers.{n}.mlp.up_proj.weight", (200 + n, 64)) for n in range(6))


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        (TensorFacts(PLAIN), TensorFacts(PLAIN), True),
        (TensorFacts(PLAIN[:5]), TensorFacts(PLAIN), True),
        (TensorFacts(PACKED), TensorFacts(PLAIN), True),
        (TensorFacts(ADAPTER), TensorFacts(PLAIN), True),
        (TensorFacts(GGUF), TensorFacts(PLAIN), True),
        (TensorFacts(width=32), TensorFacts(PLAIN), True),
        (TensorFacts(width=77), TensorFacts(PLAIN), False),
        (TensorFacts(ELSE), TensorFacts(PLAIN), False),
        (TensorFacts(OTHER_SHAPES), TensorFacts(PLAIN), False),
        (TensorFacts(PLAIN[:2]), TensorFacts(PLAIN), None),
        (TensorFacts(), TensorFacts(), None),
    ],
)
def test_agreement(here: TensorFacts, there: TensorFacts, expected: bool | None) -> None:
    assert agree(here, there) is expected
    assert agree(there, here) is expected
