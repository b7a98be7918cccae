import { Module } from 'gatewire';
import { ChatService } from '../shared/chat.service.ts';
import { ChatGateway } from './chat.gateway.ts';

@Module({ controllers: [ChatGateway], providers: [ChatService] })
export class ChatModule {}
