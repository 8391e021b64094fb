"""Anthropic's Messages API, by the `anthropic` library."""

import httpx2
from anthropic import Anthropic

from assistant.models import CallVerdict
from assistant.providers.guarded_transport import GuardedTransport
from assistant.providers.port import SECONDS, ModelAnswer, ModelEndpoint, ModelFailure, ModelPrompt


def ask_anthropic(endpoint: ModelEndpoint, prompt: ModelPrompt, transport: GuardedTransport) -> ModelAnswer:
    """Ask a model once. Raises ModelFailure, or AnthropicError."""
    client = Anthropic(
        api_key=endpoint.key or "none",
        base_url=endpoint.base_url,
        max_retries=0,
        timeout=SECONDS,
        http_client=httpx2.Client(transport=transport, trust_env=False),
    )
    message = client.messages.create(
        model=endpoint.model,
        max_tokens=prompt.longest,
        system=prompt.system,
        messages=[{"role": "user", "content": prompt.user}],
        extra_body={"output_config": {"format": {"type": "json_schema", "schema": dict(prompt.schema)}}},
    )
    blocks = getattr(message, "content", None)
    if not blocks:
        raise ModelFailure(CallVerdict.INVALID, was_sent=True)
    text = "".join(block.text for block in blocks if block.type == "text")
    return ModelAnswer(text, message.usage.input_tokens, message.usage.output_tokens)
