import { createApplication, Module, OnMessage, type Type, WebSocketRoute } from 'gatewire';
import { LOAD_LIMITS, LOAD_RATE, LOOPBACK, serve } from './serve.ts';

@WebSocketRoute('/')
class EchoController {
  @OnMessage('echo')
  echo(text: string) {
    return text;
  }
}

await serve({
  echo: () => listen(EchoController),
  validated: async () => listen((await import('./gatewire-dto.ts')).SayController),
});

async function listen(controller: Type<object>): Promise<number> {
  @Module({ controllers: [controller] })
  class AppModule {}
  const app = await createApplication(AppModule, {
    logger: false,
    limits: LOAD_LIMITS,
    websocket: { ...LOAD_RATE, closeAfterInvalid: 0 },
  });
  await app.listen({ hostname: LOOPBACK, port: 0 });
  return app.port;
}
