"""Tokenizers and chat templates, as families of models have them."""

import json

from benchmarks.scenes.weights import vocabulary

CHATML = (
    "{%- if messages[0].role == 'system' %}{{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}"
    "{%- endif %}{%- for message in messages %}{%- if message.role != 'system' or not loop.first %}"
    "{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}{%- endif %}{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- if enable_thinking is defined and "
    "enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}{%- endif %}"
)
LLAMA3 = (
    "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + "
    "message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}"
    "{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}"
    "{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}"
)
MISTRAL = (
    "{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Roles must alternate user/assistant') }}{% endif %}{% if message['role'] == 'user' %}"
    "{{ '[INST] ' + message['content'] + ' [/INST]' }}{% else %}{{ ' ' + message['content'] + eos_token }}{% endif %}"
    "{% endfor %}"
)
GEMMA = (
    "{{ bos_token }}{%- for message in messages -%}{%- set role = 'model' if message.role == 'assistant' else "
    "message.role -%}{{ '<start_of_turn>' + role + '\\n' + message.content | trim + '<end_of_turn>\\n' }}{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{ '<start_of_turn>model\\n' }}{%- endif -%}"
)
PHI = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% else %}{{ eos_token }}{% endif %}"
)


def tokenizer(family: str, template: str | None = None, **more: object) -> dict[str, bytes]:
    """`tokenizer.json`, `tokenizer_config.json`, `special_tokens_map.json` of a family."""
    words = {f"{family[:2]}{token}": number for number, token in enumerate(vocabulary())}
    model = {"version": "1.0", "model": {"type": "BPE", "vocab": words, "merges": []}, "added_tokens": []}
    facts: dict[str, object] = {
        "add_bos_token": False,
        "bos_token": "<s>",
        "eos_token": "</s>",
        "model_max_length": 131072,
        "tokenizer_class": f"{family.capitalize()}Tokenizer",
        **more,
    }
    if template is not None:
        facts["chat_template"] = template
    return {
        "tokenizer.json": json.dumps(model, ensure_ascii=False).encode(),
        "tokenizer_config.json": json.dumps(facts, indent=2).encode() + b"\n",
        "special_tokens_map.json": b'{"bos_token": "<s>", "eos_token": "</s>"}\n',
    }
