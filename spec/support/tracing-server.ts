// Run as a process of its own by behaviour/tracing-options.spec.ts; TRACING is the option.
import { createApplication, Module, OnMessage, WebSocketRoute } from 'gatewire';

@WebSocketRoute('/echo')
class EchoController {
  @OnMessage('echo')
  echo(text: string) {
    return text;
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

async function main() {
  const { TRACING } = process.env;
  const app = await createApplication(EchoModule, {
    ...(TRACING === undefined ? {} : { tracing: TRACING === 'true' }),
  });
  await app.listen({ port: 0, hostname: '127.0.0.1' });
  const loaded = Object.keys(require.cache).filter(path => path.includes('@opentelemetry'));
  console.log(JSON.stringify({ url: app.url, loaded }));
}

main().catch(error => {
  console.log(JSON.stringify({ failed: String(error) }));
  process.exit(1);
});
