"""A server that speaks the OpenAI API: an own server (vLLM, Ollama), or a service. By the `openai` library."""

from typing import Any

import httpx2
from openai import OpenAI

from assistant.models import CallVerdict
from assistant.providers.guarded_transport import GuardedTransport
from assistant.providers.port import SECONDS, ModelAnswer, ModelEndpoint, ModelFailure, ModelPrompt


def ask_openai_server(endpoint: ModelEndpoint, prompt: ModelPrompt, transport: GuardedTransport) -> ModelAnswer:
    """Ask a model once. Raises ModelFailure, or OpenAIError."""
    client = OpenAI(
        api_key=endpoint.key or "none",
        base_url=endpoint.base_url,
        max_retries=0,
        timeout=SECONDS,
        http_client=httpx2.Client(transport=transport, trust_env=False),
    )
    schema: Any = {"name": "answer", "strict": True, "schema": dict(prompt.schema)}
    completion = client.chat.completions.create(
        model=endpoint.model,
        messages=[{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}],
        max_tokens=prompt.longest,
        temperature=0,
        response_format={"type": "json_schema", "json_schema": schema},
    )
    choices = getattr(completion, "choices", None)
    if not choices:
        raise ModelFailure(CallVerdict.INVALID, was_sent=True)
    usage = completion.usage
    if usage is None:
        return ModelAnswer(choices[0].message.content or "")
    return ModelAnswer(choices[0].message.content or "", usage.prompt_tokens, usage.completion_tokens)
