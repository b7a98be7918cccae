import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** The query of a connection; guards and scope read what else is in it. */
export class LaneQuery {
  /** Names the connection in the journals. */
  @IsInt()
  @Min(1)
  @Type(() => Number)
  key!: number;

  @IsString()
  @MaxLength(40)
  user!: string;
}

/** A command: it has an effect, once. */
export class Put {
  @IsInt()
  @Min(1)
  command!: number;

  /** Milliseconds that it takes; at 0 its handler is synchronous. */
  @IsInt()
  @Min(0)
  @Max(1000)
  takes!: number;
}

export class Items {
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  count!: number;

  /** Milliseconds between two of them. */
  @IsOptional()
  @IsInt()
  @Max(1000)
  every?: number;
}

export class Renewal {
  @IsInt()
  lasts!: number;
}

export class Shout {
  @IsString()
  @MaxLength(40)
  topic!: string;

  @IsInt()
  number!: number;
}
