import { Transform } from 'class-transformer';
import { IsString, Length } from 'class-validator';

/** Spaces around a text count for nothing, so they are gone before its length is checked. */
const Trim = () => Transform(({ value }) => (typeof value === 'string' ? value.trim() : value));

/** `/chat/:room` */
export class RoomParams {
  @Trim()
  @IsString()
  @Length(1, 32, { message: 'a room has a name of 1 to 32 characters' })
  room!: string;
}

/** `?name=Ada` */
export class JoinQuery {
  @Trim()
  @IsString()
  @Length(1, 32, { message: 'a name has 1 to 32 characters' })
  name!: string;
}

/** The event `say`. */
export class SayDto {
  @Trim()
  @IsString()
  @Length(1, 1000, { message: 'a message has 1 to 1000 characters' })
  text!: string;
}
