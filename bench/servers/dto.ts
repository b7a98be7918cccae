import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDefined,
  IsInt,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

/** The DTOs of every contestant that takes class-validator's. */

export class AuthorDto {
  @IsUUID() uuid!: string;
  @IsString() @Length(1, 40) name!: string;
}

export class MessageDto {
  @IsString() @Length(1, 500) message!: string;
  @Matches(/^[a-z0-9-]{1,32}$/) room!: string;
  @IsInt() @Min(0) seq!: number;
  @IsArray() @ArrayMaxSize(8) @IsString({ each: true }) tags!: string[];
  @IsDefined() @ValidateNested() @Type(() => AuthorDto) author!: AuthorDto;
}

export class JoinDto {
  @Matches(/^[a-z0-9-]{1,32}$/) room!: string;
  @IsString() @Length(1, 40) name!: string;
  @Type(() => Number) @IsInt() @Min(1) @Max(100) limit!: number;
}
