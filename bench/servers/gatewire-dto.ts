import { OnMessage, OnOpen, Query, WebSocketRoute } from 'gatewire';
import { greeting } from './checks.ts';
import { JoinDto, MessageDto } from './dto.ts';

@WebSocketRoute('/')
export class MessageController {
  @OnMessage()
  say(message: MessageDto) {
    return message;
  }
}

@WebSocketRoute('/')
export class SayController {
  @OnMessage('say')
  say(message: MessageDto) {
    return message;
  }
}

@WebSocketRoute('/')
export class JoinController {
  @OnOpen()
  open(@Query() join: JoinDto) {
    return greeting(join);
  }
}
