import { createApplication, Module, OnMessage, WebSocketRoute } from 'gatewire';

@WebSocketRoute('/echo')
class EchoController {
  @OnMessage()
  echo(text: string) {
    return text;
  }
}

@Module({ controllers: [EchoController] })
class AppModule {}
const app = await createApplication(AppModule);
await app.listen(Number(process.env.PORT ?? 3000));
console.log(`Echo is at ${app.url}/echo`);
