import { Module } from '@nestjs/common';
import { ChatService } from '../shared/chat.service.ts';
import { ChatGateway } from './chat.gateway.ts';

@Module({ providers: [ChatGateway, ChatService] })
export class ChatModule {}
