"""Counts calls by method and status code, streaming ones too."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import grpc
import grpc.aio

from attune.server.telemetry import Telemetry


class CountingInterceptor(grpc.aio.ServerInterceptor):  # type: ignore[misc]
    """Wraps every handler; a call is counted when its handler has ended, however it did."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry

    async def intercept_service(
        self, continuation: Callable[[Any], Awaitable[Any]], details: Any
    ) -> Any:
        """The handler, counted."""
        handler = await continuation(details)
        if handler is None:
            return None
        kind = ("stream" if handler.request_streaming else "unary") + (
            "_stream" if handler.response_streaming else "_unary"
        )
        behaviour = getattr(handler, kind)
        wrap = self._generator if inspect.isasyncgenfunction(behaviour) else self._coroutine
        make = getattr(grpc, f"{kind}_rpc_method_handler")
        return make(
            wrap(behaviour, details.method),
            handler.request_deserializer,
            handler.response_serializer,
        )

    def _coroutine(self, behaviour: Callable[..., Any], method: str) -> Callable[..., Any]:
        async def counted(request: Any, context: Any) -> Any:
            self._telemetry.rpcs_started.labels(method).inc()
            code = grpc.StatusCode.CANCELLED
            try:
                answer = await behaviour(request, context)
                code = _code(context, grpc.StatusCode.OK)
            except asyncio.CancelledError:
                code = _code(context, grpc.StatusCode.CANCELLED)
                raise
            except Exception:
                code = _code(context, grpc.StatusCode.UNKNOWN)
                raise
            else:
                return answer
            finally:
                self._telemetry.rpcs_ended.labels(method, code.name).inc()

        return counted

    def _generator(self, behaviour: Callable[..., Any], method: str) -> Callable[..., Any]:
        async def counted(request: Any, context: Any) -> AsyncIterator[Any]:
            self._telemetry.rpcs_started.labels(method).inc()
            code = grpc.StatusCode.CANCELLED
            try:
                async for answer in behaviour(request, context):
                    yield answer
                code = _code(context, grpc.StatusCode.OK)
            except Exception:
                code = _code(context, grpc.StatusCode.UNKNOWN)
                raise
            finally:
                self._telemetry.rpcs_ended.labels(method, code.name).inc()

        return counted


def _code(context: Any, otherwise: grpc.StatusCode) -> grpc.StatusCode:
    """The code that the handler set, which gRPC keeps as a number or as a member."""
    code = context.code()
    if isinstance(code, grpc.StatusCode):
        return code
    found = next((one for one in grpc.StatusCode if one.value[0] == code), None)
    return found if found not in (None, grpc.StatusCode.OK) else otherwise
