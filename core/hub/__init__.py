"""The only place that opens a socket or imports huggingface_hub."""
